"""Teams as pages and REST show them: to their members, to auditors and admins.

Not here: the namespaces that a team owns now (visibility.scope_of_team, and queries).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from ipamweb.access import teams, visibility
from ipamweb.access.models import Membership, Ownership, Team, User
from ipamweb.mirror.queries.paging import Order, Page, Window, read_page

BY_SLUG = Order("teams.slug", ("slug",))


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with the number of its members and of the rules by which it owns; `group`
    of the provider, "" none."""

    id: int
    slug: str
    name: str
    group: str
    members: int
    rules: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A user in a team; `from_group`: as long as the group of the provider says so."""

    username: str
    is_admin: bool
    is_active: bool
    from_group: bool

    @property
    def role(self) -> str:
        return "team admin" if self.is_admin else "viewer"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """By what a team owns; `cluster` "" is every cluster."""

    id: int
    cluster: str
    namespace: str
    labels: tuple[tuple[str, str], ...]
    since: datetime
    words: str


def listed(user: User, *, window: Window) -> Page[TeamRow]:
    """Return a page of the teams that a user may see, by name. One query."""
    return read_page(
        _seen_by(user),
        order=BY_SLUG,
        window=window,
        build=lambda found: [_row(team) for team in found],
    )


def of_member(user: User, *, window: Window) -> Page[TeamRow]:
    """Return a page of the teams that a user is in. One query."""
    return read_page(
        _teams().filter(pk__in=_joined_by(user)),
        order=BY_SLUG,
        window=window,
        build=lambda found: [_row(team) for team in found],
    )


def found(slug: str, *, user: User) -> Team | None:
    """Return a team; None of one that is not there, or not theirs. One query."""
    return _seen_by(user).filter(slug=slug).first()


def row(team: Team) -> TeamRow:
    """Return what is shown of a team that was found. No query."""
    return _row(team)


def members(team: Team) -> tuple[MemberRow, ...]:
    """Return the members by name, who is switched off too. One query."""
    memberships = Membership.objects.filter(team=team).select_related("user")
    return tuple(
        MemberRow(
            username=each.user.username,
            is_admin=each.is_admin,
            is_active=each.user.is_active,
            from_group=each.from_group,
        )
        for each in memberships.order_by("user__username")
    )


def rules(team: Team) -> tuple[RuleRow, ...]:
    """Return by what a team owns, oldest first. One query."""
    return tuple(
        RuleRow(
            id=each.pk,
            cluster=each.cluster,
            namespace=each.namespace,
            labels=tuple(sorted(each.labels.items())),
            since=each.since,
            words=teams.words_of(each),
        )
        for each in Ownership.objects.filter(team=team).order_by("id")
    )


def _seen_by(user: User) -> QuerySet[Team, Team]:
    if visibility.sees_everything(user):
        return _teams()
    return _teams().filter(pk__in=_joined_by(user))


def _joined_by(user: User) -> QuerySet[Membership, Any]:
    return Membership.objects.filter(user=user).values("team")


def _teams() -> QuerySet[Team, Team]:
    return Team.objects.annotate(
        member_count=Count("memberships", distinct=True),
        rule_count=Count("ownerships", distinct=True),
    )


def _row(team: Team) -> TeamRow:
    return TeamRow(
        id=team.pk,
        slug=team.slug,
        name=team.name,
        group=team.group,
        members=getattr(team, "member_count", 0),
        rules=getattr(team, "rule_count", 0),
        created_at=team.created_at,
    )
