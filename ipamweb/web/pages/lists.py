"""What every list has: links to the next and previous rows, and headers that sort."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from ipamweb.mirror.queries.paging import Page

# No saved view holds them.
OF_NO_VIEW = {"at", "vs", "cursor"}


@dataclass(frozen=True, slots=True)
class Pager:
    """Links to the rows around, empty where there are none; `first` to the start."""

    shown: int
    first: str = ""
    previous: str = ""
    next: str = ""

    @property
    def is_whole(self) -> bool:
        """Say whether everything stands on this page."""
        return not (self.previous or self.next)


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header. `path` sorts by it; `direction` is how it is sorted now."""

    words: str
    path: str = ""
    direction: str = ""
    is_number: bool = False

    @property
    def arrow(self) -> str:
        return {"ascending": "▲", "descending": "▼"}.get(self.direction, "")


def pager(
    request: HttpRequest, page: Page[Any], *, cursor: str = "cursor", place: str = ""
) -> Pager:
    """Return the links around a page, the other parameters kept.

    `cursor` names the list's parameter, `place` is the fragment it stands at.
    """

    def to(value: str) -> str:
        return link(request, **{cursor: value}) + place

    return Pager(
        shown=len(page.rows),
        first=to("") if page.previous else "",
        previous=to(page.previous) if page.previous else "",
        next=to(page.next) if page.next else "",
    )


def link(request: HttpRequest, **changes: str) -> str:
    """Return this page's address with parameters changed; empty ones are left out,
    unless a saved view would fill them again."""
    query = request.GET.copy()
    is_view = bool(query.get("view")) and "view" not in changes
    for name, value in changes.items():
        was = query.pop(name, None)
        if value or (was and is_view and name not in OF_NO_VIEW):
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def twin(request: HttpRequest, path: str, *names: str) -> str:
    """Return the list of the API that shows the same: its path, and those parameters of
    this page that it takes by the same names."""
    kept = {name: request.GET[name] for name in names if request.GET.get(name)}
    return f"{path}?{urlencode(kept)}" if kept else path


def header(
    request: HttpRequest,
    words: str,
    *,
    field: str,
    sort: str,
    is_number: bool = False,
) -> Header:
    """Return a header that sorts by a field, numbers largest first, and back again."""
    start = f"-{field}" if is_number else field
    other = field if is_number else f"-{field}"
    wanted = other if sort == start else start
    direction = ""
    if sort.removeprefix("-") == field:
        direction = "descending" if sort.startswith("-") else "ascending"
    return Header(
        words, link(request, sort=wanted, cursor=""), direction, is_number=is_number
    )
