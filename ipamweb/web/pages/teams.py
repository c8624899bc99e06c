"""The teams, one with what it owns now, and the pages that change teams and users."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from ipamweb.access.people import UserRow
from ipamweb.access.team_rows import MemberRow, RuleRow, TeamRow
from ipamweb.mirror.queries.owned_namespaces import Held, OwnedNamespace
from ipamweb.web import formatting
from ipamweb.web.pages.ip_hours import IpHoursPart
from ipamweb.web.pages.lists import Pager
from ipamweb.web.pages.spread import Spread
from ipamweb.web.pages.usage import HeldPart
from ipamweb.web.shell import Shell


@dataclass(frozen=True, slots=True)
class TeamsPage:
    """`error` is the sentence of an act that was refused; `can_change`: with forms.
    `provider` of sign-ins, by name; "" without one there are no groups."""

    shell: Shell
    teams: tuple[TeamRow, ...]
    pager: Pager
    provider: str = ""
    can_change: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class TeamPage:
    """`held` over time and `spread` are None where nothing is, or was, held.
    `can_manage`: the reader manages the members; `can_change`: the rules too."""

    shell: Shell
    team: TeamRow
    sentence: str
    held: HeldPart | None
    spread: Spread | None
    ip_hours: IpHoursPart
    namespaces: tuple[OwnedNamespace, ...]
    pager: Pager
    members: tuple[MemberRow, ...]
    rules: tuple[RuleRow, ...]
    clusters: tuple[str, ...]
    can_manage: bool
    can_change: bool
    error: str


@dataclass(frozen=True, slots=True)
class UsersPage:
    """`provider` of sign-ins, by name, or ""; `passwords`: they are taken too."""

    shell: Shell
    users: tuple[UserRow, ...]
    roles: tuple[str, ...]
    provider: str
    passwords: bool
    pager: Pager
    error: str


def csv_path(team: TeamRow) -> str:
    """Return where the team's IP-hours are, by namespace."""
    return f"{reverse('api:ip-hours-csv')}?{urlencode({'team': team.slug})}"


def sentence(held: Held) -> str:
    """Return what a team owns and holds now."""
    if not held.namespaces:
        return "It owns no namespace that is there now."
    owned = formatting.plural(held.namespaces, "namespace")
    where = formatting.plural(held.clusters, "cluster")
    pods = formatting.plural(held.pods, "pod")
    numbers = " and ".join(
        f"{formatting.count(count)} IPv{family}" for family, count in held.allocated
    )
    return (
        f"It owns {owned} in {where}, with {pods} that hold {numbers} addresses "
        "together."
    )
