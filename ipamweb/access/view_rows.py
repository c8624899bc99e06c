"""Saved views as their readers may find them: their own, and what is shared with them.

A view of a team is shared while its owner is in the team, or is an admin. What somebody
shared who was switched off since goes on: those who use it lose nothing, and its owner
could not take it back; admins may.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from ipamweb.access.models import Membership, SavedView, Team, User
from ipamweb.access.saved_views import EVERYBODY, NOBODY, TEAM
from ipamweb.mirror.queries.paging import Order, Page, Window, read_page

BY_TABLE = Order("views.table", ("table", "name", "id"))
# Beside a table; /account/views/ and REST have all.
MOST_BESIDE = 100
# Behind own views and those of others.
TEAMS = 2


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view; `shared` is one of NOBODY, TEAM, EVERYBODY, `team` the slug of the team.
    `key` is what its reader opens it by."""

    id: int
    owner: str
    name: str
    table: str
    query: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    sort: str
    shared: str
    team: str
    is_own: bool
    changed_at: datetime

    @property
    def key(self) -> str:
        return self.name if self.is_own else f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class MenuRow:
    id: int
    key: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The views of a table, own ones first, and the teams (slug, name) that a user can
    share one with; MOST_BESIDE in all."""

    views: tuple[MenuRow, ...]
    teams: tuple[tuple[str, str], ...]


def listed(user: User, *, window: Window, table: str = "") -> Page[ViewRow]:
    """Return a page of the views that a user may open, by table and name. One query."""
    query = _seen_by(user)
    return read_page(
        query.filter(table=table) if table else query,
        order=BY_TABLE,
        window=window,
        build=lambda found: [_row(view, user) for view in found],
    )


def own(user: User) -> tuple[ViewRow, ...]:
    """Return the views that a user saved, by table and name. One query."""
    query = SavedView.objects.filter(owner=user).select_related("owner", "team")
    return tuple(_row(view, user) for view in query.order_by("table", "name"))


def beside(user: User, table: str) -> Beside:
    """Return what stands beside a table. One query."""
    views = (
        _seen(user)
        .filter(table=table)
        .annotate(
            rank=Case(When(owner=user, then=0), default=1, output_field=IntegerField())
        )
    )
    teams = Team.objects.annotate(rank=Value(TEAMS, output_field=IntegerField()))
    if not user.is_superuser:
        teams = teams.filter(memberships__user=user)
    both = views.values_list("rank", "name", "owner__username", "id").union(
        teams.values_list("rank", "name", "slug", "id")
    )
    found = list(both.order_by("rank", "name", "id")[:MOST_BESIDE])
    return Beside(
        views=tuple(
            MenuRow(number, name if rank == 0 else f"{owner}/{name}")
            for rank, name, owner, number in found
            if rank != TEAMS
        ),
        teams=tuple((slug, name) for rank, name, slug, _ in found if rank == TEAMS),
    )


def named(key: str, *, table: str, user: User) -> ViewRow | None:
    """Return the view of a table that a user names: an own one, or `owner/name`. None
    of what is not there and what is not shared alike. One query."""
    owner, slash, name = key.partition("/")
    found = _seen_by(user).filter(table=table)
    if slash:
        found = found.filter(owner__username=owner, name=name)
    else:
        found = found.filter(owner=user, name=key)
    view = found.first()
    return _row(view, user) if view else None


def found(number: int, *, user: User) -> SavedView | None:
    """Return a view that a user may open; None of others. One query."""
    return _seen_by(user).filter(pk=number).first()


def row(view: SavedView, *, user: User) -> ViewRow:
    """Return what is shown of a view that was found. No query."""
    return _row(view, user)


def may_change(user: User, view: SavedView) -> bool:
    return user.is_active and view.owner_id == user.pk


def may_remove(user: User, view: SavedView) -> bool:
    """Say whether a user may remove a view: their own, admins what they can open."""
    return may_change(user, view) or (user.is_active and user.is_superuser)


def _seen_by(user: User) -> QuerySet[SavedView, SavedView]:
    return _seen(user).select_related("owner", "team")


def _seen(user: User) -> QuerySet[SavedView, SavedView]:
    in_team = Membership.objects.filter(team=OuterRef("team"))
    reader_is_in = Exists(in_team.filter(user=user))
    owner_is_in = Exists(in_team.filter(user=OuterRef("owner")))
    of_team = Q(reader_is_in, team__isnull=False) & (
        Q(owner_is_in) | Q(owner__is_superuser=True)
    )
    seen = Q(owner=user) | Q(everybody=True) | of_team
    return SavedView.objects.filter(seen)


def _row(view: SavedView, user: User) -> ViewRow:
    shared = EVERYBODY if view.everybody else TEAM if view.team else NOBODY
    query: dict[str, Any] = view.query
    return ViewRow(
        id=view.pk,
        owner=view.owner.get_username(),
        name=view.name,
        table=view.table,
        query=tuple(query.items()),
        columns=tuple(view.columns),
        sort=view.sort,
        shared=shared,
        team=view.team.slug if view.team else "",
        is_own=view.owner_id == user.pk,
        changed_at=view.changed_at,
    )
