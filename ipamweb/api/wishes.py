"""From the parameters of a question for a whole list to the wish for an export.

The filters are those of the list, by the same names: a filter that a list gets, its
export has too.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.http import QueryDict

from ipamweb.access.models import User
from ipamweb.api import instants, parameters, view_opening
from ipamweb.api.errors import BadParameter
from ipamweb.api.parameters import Parameter
from ipamweb.api.question import ListQuestion
from ipamweb.api.views.allocations import Allocations, check_state
from ipamweb.api.views.audit import Audit
from ipamweb.api.views.blocks import Blocks
from ipamweb.api.views.findings import Findings, wanted_of
from ipamweb.api.views.nodes import Nodes
from ipamweb.api.views.pools import Pools
from ipamweb.api.views.usage import Usage
from ipamweb.exports import columns, parquet
from ipamweb.exports.wishes import FORMATS, Wish
from ipamweb.mirror.queries.clusters import ClusterRow

LISTS: dict[str, type[ListQuestion]] = {
    "allocations": Allocations,
    "nodes": Nodes,
    "pools": Pools,
    "blocks": Blocks,
    "findings": Findings,
    "usage": Usage,
    "audit": Audit,
}
CLUSTER = parameters.text("cluster", "Of the cluster of this slug; default: of all.")
RAW = parameters.choice(
    "raw",
    "1: CSV for machines, without apostrophes before what looks like a formula.",
    accepted=("0", "1"),
    absent="0",
)


def parameters_of(what: str) -> tuple[Parameter, ...]:
    """Return what may be asked of an export: what its list takes, but for pages."""
    of_list = LISTS[what]
    filters = (each for each in of_list.parameters if each is not instants.VS)
    own = (*((instants.AT,) if of_list.has_past else ()), *filters)
    is_named = what == "audit" or any(each.name == "cluster" for each in own)
    fields = parameters.names(
        "fields",
        "Only these fields of each row, with commas between; one that lies in several "
        "columns of a CSV stands for all of them.",
        accepted=columns.fields(what),
    )
    return (*(() if is_named else (CLUSTER,)), *own, fields, RAW)


def read(
    what: str,
    ending: str,
    given: QueryDict,
    *,
    clusters: tuple[ClusterRow, ...],
    now: datetime,
) -> Wish:
    """Return the wish of some parameters. Raises BadParameter."""
    values = parameters.read_all(given, parameters_of(what))
    if ending == "parquet" and not parquet.is_installed():
        others = [each for each in FORMATS if each != ending]
        raise BadParameter(parquet.SENTENCE, parameter="format", accepted=others)
    if what == "allocations":
        # Of the others `since` and `until` are plain filters.
        of = [each for each in clusters if values["cluster"] in ("", each.slug)]
        if of:
            times = instants.times(values, clusters=of, now=now)
            check_state(values["state"], times)
    if values.get("at") and "ordering" in values:
        instants.only_by_name(values)
    shared = {
        name: values[name]
        for name in ("cluster", "at", "older_than", "ordering", "fields")
        if values.get(name)
    }
    if what == "allocations":
        shared |= {name: values[name] for name in ("since", "until")}
    return Wish(
        what,
        ending,
        raw=values["raw"] == "1",
        asked={name: str(given[name]) for name in given},
        **shared,
        **{what: _wanted(what, values)},
    )


def with_view(what: str, given: QueryDict, *, user: User | None) -> QueryDict:
    """Return parameters that came without a request, with what the view stores that
    they name. Raises BadParameter. One query, of a view."""
    table = LISTS[what].table
    return view_opening.opened(given, table=table, user=user) if table else given


_NOTHING = Wish("", "")


def _wanted(what: str, values: Mapping[str, Any]) -> Any:
    if what == "findings":
        return wanted_of(values)
    kind: Any = type(getattr(_NOTHING, what))
    names = {each.name for each in fields(kind)} & values.keys()
    return kind(**{name: values[name] for name in names})
