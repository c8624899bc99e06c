"""What is done to saved views: made, changed, removed, each by one audit entry.

What is asked for was checked by `tables` before; that it is said whether it names
owners is part of it. Raises Refused, with a sentence for a person. Reading:
view_rows.py.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from ipamweb.access import audit
from ipamweb.access.models import SavedView, Team, User
from ipamweb.access.teams import Refused

NOBODY, TEAM, EVERYBODY = "nobody", "team", "everybody"
LONGEST_NAME = 63
# More than anybody finds something in; a script that goes wild ends here.
MOST_VIEWS = 200


@dataclass(frozen=True, slots=True)
class Content:
    """What a view says of its table. `names_owners`: its filters hold names that not
    everybody may see."""

    table: str
    query: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    sort: str = ""
    names_owners: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A view as somebody wants it. `shared` is NOBODY, TEAM or EVERYBODY, `team` the
    slug of the team."""

    name: str
    content: Content
    shared: str = NOBODY
    team: str = ""


def create(wish: Wish, *, by: User) -> SavedView:
    with transaction.atomic():
        # Locked, so that two requests at once make neither two of a name nor too many.
        User.objects.select_for_update().get(pk=by.pk)
        if by.views.count() >= MOST_VIEWS:
            raise Refused(f"You have {MOST_VIEWS} views: remove one first.")
        view = SavedView(owner=by, table=wish.content.table)
        view.changed_at = timezone.now()
        _put(view, wish)
        view.save()
        _record("view.create", view, by=by, after=_facts(view))
    return view


def change(view: SavedView, wish: Wish, *, by: User) -> SavedView:
    """Give a view another name, content or sharing; what is so already is no act."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=view.owner_id)
        found = _locked(view)
        before = _facts(found)
        _put(found, wish)
        if _facts(found) != before:
            found.changed_at = timezone.now()
            found.save()
            _record("view.change", found, by=by, before=before, after=_facts(found))
    return found


def remove(view: SavedView, *, by: User) -> None:
    with transaction.atomic():
        found = _locked(view)
        _record("view.remove", found, by=by, before=_facts(found))
        found.delete()


def wish_of(view: SavedView) -> Wish:
    """Return what a view is now, to wish a part of it otherwise."""
    content = Content(
        table=view.table,
        query=dict(view.query),
        columns=tuple(view.columns),
        sort=view.sort,
        names_owners=view.names_owners,
    )
    wish = Wish(name=view.name, content=content)
    if view.everybody:
        return replace(wish, shared=EVERYBODY)
    return replace(wish, shared=TEAM, team=view.team.slug) if view.team else wish


def _put(view: SavedView, wish: Wish) -> None:
    view.name = _name(wish.name)
    like_it = view.owner.views.filter(table=view.table, name=view.name)
    if like_it.exclude(pk=view.pk).exists():
        raise Refused(f"You have a view {view.name!r} of {view.table} already.")
    content = wish.content
    view.query, view.columns = dict(content.query), list(content.columns)
    view.sort, view.names_owners = content.sort, content.names_owners
    _share(view, wish)


def _share(view: SavedView, wish: Wish) -> None:
    if wish.shared not in (NOBODY, TEAM, EVERYBODY):
        raise Refused(
            f"{wish.shared[:60]!r} is no way to share; share with nobody, a team, or "
            "everybody."
        )
    view.everybody = wish.shared == EVERYBODY
    if view.everybody and view.names_owners:
        raise Refused(
            "Everybody would read the names in its filters: share it with a team, or "
            "leave out what names a namespace, a pod or a workload."
        )
    view.team = _team(wish.team, view.owner) if wish.shared == TEAM else None


def _team(slug: str, owner: User) -> Team:
    """Return a team of the owner; an admin shares with any."""
    teams = Team.objects.filter(slug=slug)
    if not owner.is_superuser:
        teams = teams.filter(memberships__user=owner)
    found = teams.first()
    if found is None:
        raise Refused(f"You are in no team {slug[:60]!r}.")
    return found


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"A view has a name of at most {LONGEST_NAME} letters.")
    if "/" in name or not name.isprintable():
        raise Refused("The name of a view holds no slash, and nothing unprintable.")
    return name


def _locked(view: SavedView) -> SavedView:
    locked = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if locked is None:
        raise Refused("There is no such view any more.")
    return locked


def _facts(view: SavedView) -> dict[str, Any]:
    shared = EVERYBODY if view.everybody else NOBODY
    return {
        "name": view.name,
        "table": view.table,
        "query": dict(view.query),
        "columns": list(view.columns),
        "sort": view.sort,
        "shared": f"team {view.team.slug}" if view.team else shared,
    }


def _record(act: str, view: SavedView, *, by: User, **facts: Any) -> None:
    audit.record(act, by=by, subject=f"view {view} of {view.table}", **facts)
