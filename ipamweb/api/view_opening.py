"""Opens a saved view: what it stores takes its place in the question, where that says
nothing itself. Then the question is read as if it had been typed, by the same code.
"""

from typing import Any

from django.http import HttpRequest, QueryDict

from ipamweb.access import view_rows
from ipamweb.access.models import User
from ipamweb.access.view_rows import ViewRow
from ipamweb.api import parameters
from ipamweb.api.errors import BadParameter
from ipamweb.tables import table as tables
from ipamweb.tables.definitions import TABLES
from ipamweb.tables.table import Table

VIEW = parameters.text(
    "view",
    "A saved view of this list: the name of your own, or owner/name of one that is "
    "shared with you. What else is given here goes before what it stores.",
)


def open_view(request: HttpRequest, *, table: str, user: object) -> None:
    """Put the view that a request names into it. Raises what `opened` raises."""
    if request.GET.get("view"):
        _ask(request, opened(request.GET, table=table, user=user))


def opened(given: QueryDict, *, table: str, user: object) -> QueryDict:
    """Return a question with what the view stores that it names. Raises BadParameter
    where there is none that its reader may open. One query, of a view."""
    key = given.get("view", "")
    if not key or not isinstance(user, User):
        return given
    row = None if "\0" in key else view_rows.named(key, table=table, user=user)
    if row is None:
        raise BadParameter(
            f"view: there is no view {key[:130]!r} of {table} that you may open.",
            parameter="view",
        )
    return _merged(given, row, TABLES[table])


def _merged(given: QueryDict, row: ViewRow, table: Table) -> QueryDict:
    found = given.copy()
    del found["view"]
    stored = dict(row.query)
    if row.sort and "at" not in given:
        # At an instant of the past there is one order.
        stored["ordering"] = row.sort
    columns = tables.columns_of(table, ",".join(row.columns))
    if row.columns:
        stored["fields"] = ",".join(tables.fields_of(columns))
    for name, value in stored.items():
        found.setdefault(name, value)
    return found


def _ask(request: Any, query: QueryDict) -> None:
    """Give a request another question, from which its ETag and links are made."""
    request.GET = query
    request.META["QUERY_STRING"] = query.urlencode()
