"""Where an allocation's history is written: openings, endings, and the row that counts.

Ending an allocation moves its row from the open to the past table in the same
transaction. Called inside a transaction that holds the lease.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from ipamweb.addressing.ranges import family_of
from ipamweb.mirror import stored
from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.time_bins import time_bin
from ipamweb.sync import bulk
from ipamweb.sync.counters import Counters
from ipamweb.sync.places import Place
from ipamweb.sync.plan import Closing, Ending, Opening

SHARED = (
    "cluster_id", "network", "family", "address", "owner_key", "kind", "pod_id",
    "namespace_uid", "node_id", "block_id", "pool_id", "source", "confidence",
    "from_earliest", "valid_from", "opened_by", "opened_sequence",
    "opened_generation", "terminating_at", "released_at",
)  # fmt: skip
_OPEN = ("id", *SHARED, "counted")
_WRITTEN = (*_OPEN, "changed_generation")
_PAST = (
    "id", *SHARED, "valid_to", "to_latest", "closed_by", "closed_sequence",
    "closed_generation", "time_bin",
)  # fmt: skip


class Owner(NamedTuple):
    """Who holds what an opening opens, as far as the owner's row tells."""

    kind: str
    source: str
    confidence: str
    pod: int | None = None
    namespace_uid: str = ""
    node: int | None = None


@dataclass(slots=True)
class History:
    """Writes openings and closings of one transaction, counting as it goes."""

    cluster_id: int
    generation: int
    counters: Counters

    def close(self, closings: Sequence[Closing]) -> None:
        """Move rows to the past; where the row that counted went, another counts."""
        endings = {closing.allocation.id: closing.ending for closing in closings}
        rows = Allocation.objects.filter(pk__in=list(endings)).values_list(*_OPEN)
        past, counted = [], []
        for pk, *shared, was_counted in rows:
            past.append(self._past(pk, shared, endings[pk]))
            self._count(-1, shared, was_counted=was_counted)
            if was_counted:
                counted.append(shared[3])
        bulk.insert(PastAllocation, _PAST, past)
        _delete(list(endings))
        self._let_others_count(counted)

    def open(self, openings: Sequence[tuple[Opening, Owner, Place]]) -> None:
        """Write openings; one that ended inside the same reading is past at once."""
        lasting, ended = [], []
        for opening, owner, place in openings:
            shared = self._shared(opening, owner, place)
            if opening.ending is None:
                lasting.append(shared)
            else:
                ended.append((shared, opening.ending))
        self.write_open(lasting)
        ids = bulk.reserve_ids(Allocation, len(ended))
        past = [self._past(pk, *each) for pk, each in zip(ids, ended, strict=True)]
        bulk.insert(PastAllocation, _PAST, past)

    def write_open(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write what is held now, columns as SHARED names them; each is counted."""
        taken = self._counted_addresses([row[3] for row in rows])
        ids = bulk.reserve_ids(Allocation, len(rows))
        current = []
        for pk, row in zip(ids, rows, strict=True):
            counts = row[3] not in taken
            taken.add(row[3])
            self._count(1, row, was_counted=counts)
            current.append((pk, *row, counts, self.generation))
        bulk.insert(Allocation, _WRITTEN, current)

    def terminating(self, marks: Sequence[tuple[datetime, int]]) -> None:
        """Note from when owners are being deleted; (moment, allocation id)."""
        rows = [(moment, self.generation, pk) for moment, pk in marks]
        bulk.update(Allocation, ("terminating_at", "changed_generation"), rows)

    def _shared(self, opening: Opening, owner: Owner, place: Place) -> tuple[Any, ...]:
        return (
            self.cluster_id,
            "",
            family_of(opening.address),
            opening.address,
            opening.owner_key,
            owner.kind,
            owner.pod,
            owner.namespace_uid,
            owner.node,
            place.block,
            place.pool,
            owner.source,
            owner.confidence,
            opening.from_earliest,
            opening.valid_from,
            opening.how,
            opening.sequence,
            self.generation,
            opening.terminating_at,
            None,
        )

    def _past(self, pk: int, shared: Sequence[Any], ending: Ending) -> tuple[Any, ...]:
        from_earliest = shared[13]
        return (
            pk,
            *shared,
            ending.valid_to,
            ending.to_latest,
            ending.how,
            ending.sequence,
            self.generation,
            time_bin(from_earliest, ending.to_latest),
        )

    def _count(self, sign: int, shared: Sequence[Any], *, was_counted: bool) -> None:
        _, _, family, address, _, kind, _, namespace_uid, _, block, pool, *_ = shared
        self.counters.allocation(sign, family=family, namespace_uid=namespace_uid)
        if was_counted:
            self.counters.address(
                sign, address=address, kind=kind, block=block, pool=pool
            )

    def _counted_addresses(self, addresses: Sequence[int]) -> set[int]:
        rows = stored.select(
            Allocation,
            ("address",),
            where="cluster_id = %s AND counted AND address IN {among}",
            among=[address.to_bytes(16, "big") for address in addresses],
            values=[self.cluster_id],
        )
        return {int.from_bytes(address, "big") for (address,) in rows}

    def _let_others_count(self, addresses: Sequence[int]) -> None:
        """Where the owner that counted is gone, let the oldest other one count."""
        rows = stored.select(
            Allocation,
            ("id", "address", "kind", "block_id", "pool_id"),
            where="cluster_id = %s AND address IN {among} ORDER BY id",
            among=[address.to_bytes(16, "big") for address in addresses],
            values=[self.cluster_id],
        )
        promoted: dict[bytes, int] = {}
        for pk, address, kind, block, pool in rows:
            if bytes(address) in promoted:
                continue
            promoted[bytes(address)] = pk
            self.counters.address(
                1,
                block=block,
                pool=pool,
                kind=kind,
                address=int.from_bytes(address, "big"),
            )
        bulk.update(Allocation, ("counted",), [(True, pk) for pk in promoted.values()])


def _delete(ids: list[int]) -> None:
    # _raw_delete: nothing hangs on an allocation that Django would have to look for.
    query = Allocation.objects.filter(pk__in=ids)
    query._raw_delete(query.db)
