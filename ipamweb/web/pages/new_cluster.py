"""The form by which an admin adds a cluster. What was pasted never comes back."""

from dataclasses import dataclass

from ipamweb.web.shell import Shell


@dataclass(frozen=True, slots=True)
class NewClusterPage:
    """`name` and `context` as they were given; `added` is a cluster just added."""

    shell: Shell
    name: str = ""
    context: str = ""
    error: str = ""
    added: str = ""
