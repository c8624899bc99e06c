"""Re-counts every counter and checks what must hold of the rows, a fault a line.

Reads only. Cost: a pass over the allocations of a cluster, grouped by the database.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, Model, OuterRef, Q

from ipamweb.addressing import capacity, records
from ipamweb.addressing.ranges import Range, format_address
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    Namespace,
    Node,
    PastAllocation,
    Pod,
    Pool,
)
from ipamweb.sync.counters import enabled_families, node_sums


def faults(cluster: Cluster) -> list[str]:
    """Return what is wrong with a cluster's mirror; empty when it holds.

    Makes all comparisons from the rows themselves, never from another counter.
    """
    return [
        *_space_faults(cluster),
        *_pool_block_faults(cluster),
        *_node_faults(cluster),
        *_namespace_faults(cluster),
        *_cluster_faults(cluster),
        *_counted_faults(cluster),
        *_time_faults(cluster),
        *_owner_faults(cluster),
        *_dangling_faults(cluster),
        *_block_faults(cluster),
    ]


Sums = dict[int, tuple[int, int, dict[str, int]]]


def _space_faults(cluster: Cluster) -> Iterator[str]:
    """Compare the counters of blocks and pools with the allocations in them."""
    blocks, pools = _space_sums(cluster)
    for model, sums in ((Block, blocks), (Pool, pools)):
        rows = model.objects.filter(cluster=cluster).values_list(
            "id", "allocated", "allocated_reserved", "allocated_by_kind"
        )
        for pk, *stored in rows:
            counted = sums.get(pk, (0, 0, {}))
            if tuple(stored) != counted:
                yield (
                    f"{model.__name__} {pk} of {cluster.slug}: stored {stored},"
                    f" counted {list(counted)}"
                )


def _space_sums(cluster: Cluster) -> tuple[Sums, Sums]:
    set_aside = {
        pk: set(capacity.reserved_addresses(Range(first, last), rule))
        for pk, first, last, rule in Block.objects.filter(cluster=cluster).values_list(
            "id", "first", "last", "capacity_rule"
        )
    }
    kinds: dict[str, dict[int, Counter[str]]] = {
        "block": defaultdict(Counter),
        "pool": defaultdict(Counter),
    }
    reserved: dict[str, Counter[int]] = {"block": Counter(), "pool": Counter()}
    rows = Allocation.objects.filter(cluster=cluster, counted=True).values_list(
        "block_id", "pool_id", "kind", "address"
    )
    for block, pool, kind, address in rows.iterator():
        is_reserved = block is not None and address in set_aside.get(block, ())
        for name, pk in (("block", block), ("pool", pool)):
            if pk is not None:
                kinds[name][pk][kind] += 1
                reserved[name][pk] += is_reserved
    return _sums(kinds["block"], reserved["block"]), _sums(
        kinds["pool"], reserved["pool"]
    )


def _sums(kinds: dict[int, Counter[str]], reserved: Counter[int]) -> Sums:
    return {
        pk: (counts.total(), reserved[pk], dict(sorted(counts.items())))
        for pk, counts in kinds.items()
    }


def _pool_block_faults(cluster: Cluster) -> Iterator[str]:
    rows = Pool.objects.filter(cluster=cluster).annotate(
        counted=Count("blocks", filter=Q(blocks__valid_to=None))
    )
    for pool in rows:
        if pool.blocks_assigned != pool.counted:
            yield (
                f"pool {pool.slug} of {cluster.slug}: {pool.blocks_assigned} blocks"
                f" stored, {pool.counted} counted"
            )


def _node_faults(cluster: Cluster) -> Iterator[str]:
    pods = _pods_by(cluster, "node_id")
    rows = list(Node.objects.filter(cluster=cluster))
    families = enabled_families(cluster.pk)
    sums = node_sums([row.pk for row in rows], families=families)
    for row in rows:
        exist, take_slots = pods.get(row.pk, (0, 0))
        total = sums[row.pk]
        allocated = (total.allocated[4], total.allocated[6])
        stored = (row.pod_count, row.slots_used, row.allocated_v4, row.allocated_v6)
        if stored != (exist, take_slots, *allocated):
            yield (
                f"node {row.name} of {cluster.slug}: stored {stored},"
                f" counted {(exist, take_slots, *allocated)}"
            )
        if total.slots(row.max_pods, take_slots).free != row.slots_free:
            yield f"node {row.name} of {cluster.slug}: {row.slots_free} free slots"
        if row.slots_total != row.slots_used + row.slots_free:
            yield f"node {row.name} of {cluster.slug}: slots do not add up"


def _pods_by(cluster: Cluster, column: str) -> dict[Any, tuple[int, int]]:
    """Return (pods that exist, pods that take a slot) by a column of Pod."""
    rows = (
        Pod.objects.filter(cluster=cluster, gone_how="")
        .values(column)
        .annotate(
            exist=Count("id"),
            finished=Count("id", filter=Q(phase__in=records.TERMINAL_PHASES)),
        )
    )
    return {row[column]: (row["exist"], row["exist"] - row["finished"]) for row in rows}


def _namespace_faults(cluster: Cluster) -> Iterator[str]:
    pods = _pods_by(cluster, "namespace_uid")
    held = Counter(
        {
            (row["namespace_uid"], row["family"]): row["count"]
            for row in Allocation.objects.filter(cluster=cluster)
            .values("namespace_uid", "family")
            .annotate(count=Count("id"))
        }
    )
    for row in Namespace.objects.filter(cluster=cluster):
        stored = (row.pod_count, row.allocated_v4, row.allocated_v6)
        counted = (
            pods.get(row.uid, (0, 0))[0],
            held[(row.uid, 4)],
            held[(row.uid, 6)],
        )
        if stored != counted:
            yield (
                f"namespace {row.name} of {cluster.slug}: stored {stored},"
                f" counted {counted}"
            )


def _cluster_faults(cluster: Cluster) -> Iterator[str]:
    row = Cluster.objects.get(pk=cluster.pk)
    counted = (
        Node.objects.filter(cluster=cluster, gone_by=None).count(),
        Pod.objects.filter(cluster=cluster, gone_how="").count(),
        Allocation.objects.filter(cluster=cluster).count(),
    )
    stored = (row.node_count, row.pod_count, row.allocation_count)
    if stored != counted:
        yield f"cluster {cluster.slug}: stored {stored}, counted {counted}"


def _counted_faults(cluster: Cluster) -> Iterator[str]:
    """Of the owners of an address exactly one counts."""
    rows = (
        Allocation.objects.filter(cluster=cluster)
        .values("network", "address")
        .annotate(counting=Count("id", filter=Q(counted=True)))
        .exclude(counting=1)
    )
    for row in rows:
        yield (
            f"{format_address(row['address'])} of {cluster.slug}:"
            f" {row['counting']} of its owners count, not one"
        )


def _time_faults(cluster: Cluster) -> Iterator[str]:
    """from_earliest ≤ valid_from ≤ valid_to ≤ to_latest; no row open and past."""
    crooked = PastAllocation.objects.filter(cluster=cluster).filter(
        Q(from_earliest__gt=F("valid_from"))
        | Q(valid_from__gt=F("valid_to"))
        | Q(valid_to__gt=F("to_latest"))
    )
    for pk in crooked.values_list("pk", flat=True)[:100]:
        yield f"past allocation {pk} of {cluster.slug}: its times are out of order"
    for pk in Allocation.objects.filter(
        cluster=cluster, from_earliest__gt=F("valid_from")
    ).values_list("pk", flat=True)[:100]:
        yield f"allocation {pk} of {cluster.slug}: its times are out of order"
    both = Allocation.objects.filter(
        cluster=cluster, pk__in=PastAllocation.objects.values("pk")
    )
    for pk in both.values_list("pk", flat=True)[:100]:
        yield f"allocation {pk} of {cluster.slug} is open and past at once"


def _owner_faults(cluster: Cluster) -> Iterator[str]:
    """What holds an address exists, has not finished, has a network of its own."""
    wrong = Allocation.objects.filter(cluster=cluster, kind="pod").exclude(
        pod__in=Pod.objects.filter(
            cluster=cluster, gone_how="", host_network=False
        ).exclude(phase__in=records.TERMINAL_PHASES)
    )
    for pk in wrong.values_list("pk", flat=True)[:100]:
        yield f"allocation {pk} of {cluster.slug} is held by a pod that holds none"
    last = PastAllocation.objects.filter(cluster=cluster).aggregate(
        last=Max("closed_generation")
    )["last"]
    generation = Cluster.objects.values_list("generation", flat=True).get(pk=cluster.pk)
    # One more than the cluster's is a poll that was cut off: the next goes on with it.
    if last is not None and last > generation + 1:
        yield f"cluster {cluster.slug}: a row is of generation {last}, of {generation}"


# Which column points to which row: the database does not look after these.
LINKS: tuple[tuple[type[Model], str, type[Model], str], ...] = (
    *(
        (model, column, target, key)
        for model in (Allocation, PastAllocation)
        for column, target, key in (
            ("pod_id", Pod, "pk"),
            ("node_id", Node, "pk"),
            ("block_id", Block, "pk"),
            ("pool_id", Pool, "pk"),
            ("namespace_uid", Namespace, "uid"),
        )
    ),
    (Pod, "node_id", Node, "pk"),
    (Pod, "namespace_id", Namespace, "pk"),
    (Pod, "namespace_uid", Namespace, "uid"),
)


def _dangling_faults(cluster: Cluster) -> Iterator[str]:
    """What a row points to is there, and of the same cluster."""
    for model, column, target, key in LINKS:
        there = target._default_manager.filter(
            cluster=cluster, **{key: OuterRef(column)}
        )
        pointing = model._default_manager.filter(cluster=cluster)
        if column.endswith("_id"):
            pointing = pointing.exclude(**{column: None})
        else:
            pointing = pointing.exclude(**{column: ""})
        wrong = pointing.filter(~Exists(there)).values_list("pk", column)
        for pk, to in wrong[:100]:
            yield (
                f"{model._meta.verbose_name} {pk} of {cluster.slug}: its {column} {to}"
                " does not exist"
            )


def _block_faults(cluster: Cluster) -> Iterator[str]:
    """The block of what is held is open, and the address lies in it."""
    wrong = Allocation.objects.filter(cluster=cluster).filter(
        Q(block__valid_to__isnull=False)
        | Q(address__lt=F("block__first"))
        | Q(address__gt=F("block__last"))
    )
    for pk, address, block in wrong.values_list("pk", "address", "block_id")[:100]:
        yield (
            f"allocation {pk} of {cluster.slug}: {format_address(address)} does not lie"
            f" in block {block}, or that has ended"
        )
