"""Saved views: those that a reader may open, and what is done to their own."""

from collections.abc import Callable
from dataclasses import astuple, replace
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request

from ipamweb.access import saved_views as acts
from ipamweb.access import view_rows
from ipamweb.access.models import SavedView, User
from ipamweb.access.saved_views import NOBODY, TEAM, Content, Wish
from ipamweb.access.teams import Refused
from ipamweb.api import parameters
from ipamweb.api import view_rows as rows
from ipamweb.api.describing import QuestionSchema
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.api.serializers import Error
from ipamweb.api.views.allocations import Allocations
from ipamweb.api.views.blocks import Blocks
from ipamweb.api.views.findings import Findings
from ipamweb.api.views.namespaces import Namespaces
from ipamweb.api.views.nodes import Nodes
from ipamweb.api.views.pods import Pods
from ipamweb.api.views.pools import Pools
from ipamweb.mirror.queries.paging import Page
from ipamweb.tables import table as tables
from ipamweb.tables.definitions import TABLES
from ipamweb.tables.table import NotOfTable, Table

# The lists that views are opened on: what is saved has to pass their own reading.
LISTS: dict[str, type[ListQuestion]] = {
    each.table: each
    for each in (Allocations, Blocks, Findings, Namespaces, Nodes, Pods, Pools)
}


class ViewsSchema(QuestionSchema):
    """Describes the acts beside the questions."""

    def get_operation_id(self) -> str:
        acts = {"POST": "createView", "PATCH": "changeView", "DELETE": "removeView"}
        return acts.get(self.method) or super().get_operation_id()

    def get_override_parameters(self) -> list[Any]:
        return super().get_override_parameters() if self.method == "GET" else []

    def get_request_serializer(self) -> Any:
        if self.method == "PATCH":
            return rows.ViewWish(partial=True)
        return rows.ViewWish if self.method == "POST" else None

    def get_response_serializers(self) -> dict[Any, Any]:
        if self.method == "GET":
            return super().get_response_serializers()
        good: dict[str, dict[Any, Any]] = {
            "POST": {201: rows.View},
            "PATCH": {200: rows.View},
            "DELETE": {204: OpenApiResponse(description="It is removed.")},
        }
        return {
            **good[self.method],
            400: OpenApiResponse(Error, "It cannot be saved like this."),
            401: OpenApiResponse(Error, "Not signed in."),
            403: OpenApiResponse(Error, "Not yours to change."),
            404: OpenApiResponse(Error, "Not there, or not shared with you."),
        }


class Views(ListQuestion):
    """The views that the reader may open: their own, and what others share with them.
    POST saves one."""

    serializer_class = rows.View
    schema = ViewsSchema()
    row = staticmethod(rows.view)
    parameters = (parameters.choice("table", "Of this table only.", accepted=TABLES),)

    def page(self, asked: Asked) -> Page[Any]:
        table = asked.values["table"]
        user = self.request.user
        return view_rows.listed(user, window=asked.window, table=table)

    def further_state(self, asked: Asked) -> object:
        return [astuple(row) for row in self.page(asked).rows]

    def post(self, request: Request) -> HttpResponse:
        user = request.user
        given = _given(request, partial=False)
        wish = _wished(Wish("", Content(given["table"])), given)
        view = _done(lambda: acts.create(wish, by=user))
        return _answer(view, user, status=201)


class View(Question):
    """A view that the reader may open. PATCH changes it, DELETE removes it; both are
    its owner's, and admins remove what is shared with them."""

    serializer_class = rows.View
    schema = ViewsSchema()
    examples = {"number": 500}

    def found(self, asked: Asked) -> dict[str, Any] | None:
        user = self.request.user
        view = _found(asked.path["number"], user)
        return rows.view(view_rows.row(view, user=user), None)

    def further_state(self, asked: Asked) -> object:
        return self.found(asked)

    def patch(self, request: Request, number: str) -> HttpResponse:
        user = request.user
        view = _found(number, user)
        if not view_rows.may_change(user, view):
            raise PermissionDenied("A view is changed by its owner.")
        given = _given(request, partial=True)
        if given.pop("table", view.table) != view.table:
            raise BadParameter("A view stays a view of its table.", parameter="table")
        wish = _wished(acts.wish_of(view), given)
        return _answer(_done(lambda: acts.change(view, wish, by=user)), user)

    def delete(self, request: Request, number: str) -> HttpResponse:
        user = request.user
        view = _found(number, user)
        if not view_rows.may_remove(user, view):
            raise PermissionDenied("A view is removed by its owner, or by an admin.")
        _done(lambda: acts.remove(view, by=user))
        return HttpResponse(status=204)


def _found(number: str, user: User) -> SavedView:
    """Return a view that a user may open; of others there is nothing."""
    is_number = number.isascii() and number.isdigit() and len(number) <= 18
    view = view_rows.found(int(number), user=user) if is_number else None
    if view is None:
        raise NotFound
    return view


def _given(request: Request, *, partial: bool) -> dict[str, Any]:
    wish = rows.ViewWish(data=request.data, partial=partial)
    if not wish.is_valid():
        name, why = next(iter(wish.errors.items()))
        raise BadParameter(f"{name}: {_first(why)}", parameter=name)
    return dict(wish.validated_data)


def _first(why: Any) -> str:
    """Return the first sentence of what may be nested."""
    while isinstance(why, dict | list) and why:
        why = next(iter(why.values())) if isinstance(why, dict) else why[0]
    return str(why)


def _wished(wish: Wish, given: dict[str, Any]) -> Wish:
    """Return a wish with what is given put into it, checked as its list reads it."""
    was, table = wish.content, TABLES[wish.content.table]
    try:
        query = _checked(table, given.get("query", was.query))
        columns = ",".join(given.get("columns", was.columns))
        shown = tables.columns_of(table, columns) if columns else ()
        sort = tables.checked_sort(table, given.get("ordering", was.sort))
    except NotOfTable as error:
        # Pages say `sort` for what REST calls `ordering`.
        name = "ordering" if error.parameter == "sort" else error.parameter
        raise BadParameter(
            str(error), parameter=name, accepted=error.accepted
        ) from error
    content = replace(
        was,
        query=query,
        columns=tuple(each.name for each in shown),
        sort=sort,
        names_owners=tables.names_owners(table, query),
    )
    # A team that is named alone is meant to be shared with.
    shared = given.get("shared", TEAM if given.get("team") else wish.shared)
    team = given.get("team", wish.team) if shared == TEAM else ""
    name = given.get("name", wish.name)
    return Wish(name=name, content=content, shared=shared or NOBODY, team=team)


def _checked(table: Table, query: dict[str, str]) -> dict[str, str]:
    """Return filters as they are stored, which the list itself takes as well."""
    found = tables.checked_query(table, query)
    asked = QueryDict(mutable=True)
    asked.update(found)
    parameters.read_all(asked, LISTS[table.name]().known_parameters())
    return found


def _done(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Refused as error:
        raise BadParameter(str(error), parameter="") from error


def _answer(view: SavedView, user: User, *, status: int = 200) -> HttpResponse:
    body = msgspec.json.encode(rows.view(view_rows.row(view, user=user), None))
    return HttpResponse(body, status=status, content_type="application/json")
