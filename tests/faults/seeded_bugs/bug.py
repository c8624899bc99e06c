"""What a seeded bug is: a mistake somebody made once, as a change of our source."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Change:
    """Text of a file, which must stand in it once, and what stands there instead."""

    file: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Bug:
    """`caught_by`: tests of which at least one must fail with the bug, by their ids."""

    name: str
    changes: tuple[Change, ...]
    caught_by: tuple[str, ...]


class NotThere(Exception):
    """The text to change is not in the source any more: the bug must be seeded anew."""


def seeded(source: Path, change: Change) -> str:
    """Return the text of the file with the change; raises NotThere."""
    text = (source / change.file).read_text()
    if text.count(change.before) != 1:
        raise NotThere(f"{change.file} has {change.before!r} not once")
    return text.replace(change.before, change.after)
