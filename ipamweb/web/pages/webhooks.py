"""The webhooks, and one with what became of its deliveries. For admins.

`new_secret` is set once, in the answer to the form that made it.
"""

from dataclasses import dataclass

from ipamweb.events.kinds import KINDS, TEMPLATES
from ipamweb.events.rows import DeliveryRow, WebhookRow
from ipamweb.web.pages.lists import Pager
from ipamweb.web.shell import Shell

# How an event may be worded, for a person.
WORDINGS = dict(
    zip(TEMPLATES, ("Standard Webhooks, signed", "Slack", "e-mail"), strict=True)
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of event with its words, and whether it is asked for."""

    name: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class WebhooksPage:
    shell: Shell
    webhooks: tuple[WebhookRow, ...]
    pager: Pager
    choices: tuple[Choice, ...]
    wordings: tuple[tuple[str, str], ...]
    teams: tuple[str, ...]
    given: dict[str, str]
    error: str = ""
    new_secret: str = ""


@dataclass(frozen=True, slots=True)
class WebhookPage:
    """`signs`: it has a secret."""

    shell: Shell
    webhook: WebhookRow
    wording: str
    signs: bool
    choices: tuple[Choice, ...]
    deliveries: tuple[DeliveryRow, ...]
    pager: Pager
    error: str = ""
    done: str = ""
    new_secret: str = ""


def choices(chosen: tuple[str, ...] | list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(name, words, name in chosen) for name, words in KINDS.items())
