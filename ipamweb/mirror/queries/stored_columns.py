"""Open allocations as the database stores them, column by column, with their names.

Long lists are read to their end, where a join would look a node up once for each of its
pods. Here names are asked for by ids; those of nodes, blocks and pools are kept.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast

from ipamweb.mirror import stored
from ipamweb.mirror.models import Block, Node, Pod, Pool
from ipamweb.mirror.stored import Line

# Names of a kind that are kept: memory stays what it is, however long the list.
MOST_NAMES = 5_000


class Stored(NamedTuple):
    """Open allocations, one or more, in address order, as texts: what is not set is
    empty, times are the database's, addresses hex. Names are there whatever the scope
    is: who shows them hides them."""

    id: Sequence[str]
    address: Sequence[str]
    family: Sequence[str]
    kind: Sequence[str]
    network: Sequence[str]
    namespace_uid: Sequence[str]
    owner_key: Sequence[str]
    source: Sequence[str]
    confidence: Sequence[str]
    from_earliest: Sequence[str]
    valid_from: Sequence[str]
    terminating_at: Sequence[str]
    released_at: Sequence[str]
    opened_by: Sequence[str]
    changed_generation: Sequence[str]
    node: Sequence[str]
    bounds: Sequence[tuple[bytes, bytes] | None]
    pool: Sequence[str]
    namespace: Sequence[str]
    pod: Sequence[str]
    workload_kind: Sequence[str]
    workload_name: Sequence[str]


_TIMES = ("from_earliest", "valid_from", "terminating_at", "released_at")
# As in Stored, and then the ids of what has names.
_COLUMNS = (
    "id", "address", "family", "kind", "network", "namespace_uid", "owner_key",
    "source", "confidence", *_TIMES, "opened_by", "changed_generation",
    "node_id", "block_id", "pool_id", "pod_id",
)  # fmt: skip
_NAMES_OF_PODS = ("namespace_name", "name", "workload_kind", "workload_name")


class Reader:
    """Reads batches; what nodes, blocks and pools are called is kept between them."""

    def __init__(self) -> None:
        self._nodes = _Kept(Node, ("name",), nothing="")
        self._blocks = _Kept(Block, ("first", "last"), nothing=None)
        self._pools = _Kept(Pool, ("slug",), nothing="")

    @staticmethod
    def asked(query: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """Return a query for allocations that asks for what `read` reads."""
        return query.values_list(
            *(Cast(name, TextField()) if name in _TIMES else name for name in _COLUMNS)
        )

    def read(self, query: QuerySet[Any, Any]) -> Stored | None:
        """Return what is asked for, in the order of addresses and ids, None where that
        is nothing. Two queries, and one for each kind of which a name is not kept."""
        *columns, nodes, blocks, pools, pods = stored.columns(
            query, _COLUMNS, order=("address", "id")
        )
        if not nodes:
            return None
        found: list[Sequence[Any]] = [
            *columns,
            self._nodes.each(nodes),
            self._blocks.each(blocks),
            self._pools.each(pools),
            *_of_pods(pods),
        ]
        return Stored._make(found)


class _Kept(dict[str, Any]):
    """What the driver says of rows of a model, by their ids as text: the value of a
    column, or a tuple of several."""

    def __init__(
        self, model: type[Model], columns: Sequence[str], *, nothing: Any
    ) -> None:
        self._model, self._columns, self._nothing = model, columns, nothing

    def each(self, ids: Sequence[str]) -> list[Any]:
        """Return it of each id; nothing of what has none, or is gone."""
        wanted = set(ids)
        if len(self) + len(wanted) > MOST_NAMES:
            self.clear()
        if missing := wanted - self.keys():
            self.update(dict.fromkeys(missing, self._nothing))
            self.update(self._asked([int(pk) for pk in missing if pk]))
        return list(map(self.__getitem__, ids))

    def _asked(self, ids: Sequence[int]) -> dict[str, Any]:
        columns = ("id", *self._columns)
        found = stored.select(self._model, columns, where="id IN {among}", among=ids)
        if len(self._columns) == 1:
            return {str(pk): value for pk, value in found}
        return {str(pk): tuple(values) for pk, *values in found}


class _Pods(dict[int, Line]):
    """Pods by their ids; of no pod, and of what is gone, one without names."""

    def __missing__(self, _: int) -> Line:
        return (0, *("" for _ in _NAMES_OF_PODS))


def _of_pods(ids: Sequence[str]) -> Sequence[Sequence[str]]:
    known = [int(pk or 0) for pk in ids]
    columns = ("id", *_NAMES_OF_PODS)
    found = stored.select(Pod, columns, where="id IN {among}", among=known)
    pods = _Pods(zip(map(itemgetter(0), found), found, strict=True))
    _, *names = zip(*map(pods.__getitem__, known), strict=True)
    return names
