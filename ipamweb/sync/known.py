"""What the mirror knows of a kind, for a complete list to be compared with.

At most 200 bytes for each object: its UID, and a digest where comparing pays.
"""

from collections.abc import Collection, Sequence

from ipamweb.mirror import stored
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    Endpoint,
    Namespace,
    Node,
    NodeRecord,
    PastAllocation,
    Pod,
)
from ipamweb.sync.plan_space import NODE_KINDS, owner_key


def known_uids(
    cluster: Cluster, kind: str, *, namespaces: Sequence[str]
) -> dict[str, int]:
    """Return the UIDs (with digests where there are some) that exist in the mirror.

    Only inside the namespaces that are listed (none: all): absence means nothing
    beyond them, whatever was listed before.
    """
    if kind == "pods":
        return _digests(cluster, Pod, "gone_how = ''", namespaces)
    if kind == "ciliumendpoints":
        return _digests(cluster, Endpoint, "gone_by IS NULL", namespaces)
    if kind == "ciliumnodes":
        return dict.fromkeys(_space_uids(cluster), 0)
    model = Namespace if kind == "namespaces" else Node
    rows = model.objects.filter(cluster=cluster, gone_by=None)
    return dict.fromkeys(rows.values_list("uid", flat=True), 0)


def _digests(
    cluster: Cluster,
    model: type[Pod] | type[Endpoint],
    exists: str,
    namespaces: Sequence[str],
) -> dict[str, int]:
    inside = "namespace_name IN {among}" if namespaces else "1 IN {among}"
    return dict(
        stored.select(
            model,
            ("uid", "digest"),
            where=f"cluster_id = %s AND {exists} AND {inside}",
            among=namespaces or [1],
            values=[cluster.pk],
        )
    )


def _space_uids(cluster: Cluster) -> set[str]:
    """Return the UIDs of objects, other than Nodes, that state blocks or addresses."""
    uids = set(
        Block.objects.filter(cluster=cluster, valid_to=None).values_list(
            "object_uid", flat=True
        )
    )
    keys = Allocation.objects.filter(
        cluster=cluster, network="", owner_key__gte="node:", owner_key__lt="node;"
    ).values_list("owner_key", flat=True)
    uids.update(key.removeprefix("node:").rpartition(":")[0] for key in keys)
    said = NodeRecord.objects.filter(cluster=cluster, gone_by=None)
    uids.update(said.values_list("uid", flat=True))
    nodes = Node.objects.filter(cluster=cluster).values_list("uid", flat=True)
    return uids - set(nodes)


def gone_already(cluster_id: int, kind: str, uids: Collection[str]) -> set[str]:
    """Return those of the places, of which a stream says that they go, that are gone.

    So it is when a poll is cut off and its stream is read again: what was seen of them
    before they went is written and over. No query where nothing goes.
    """
    if not uids:
        return set()
    if kind == "ciliumnodes":
        return _spaces_that_ended(cluster_id, uids)
    model = Namespace if kind == "namespaces" else Node
    rows = model.objects.filter(cluster=cluster_id, uid__in=uids)
    return set(rows.exclude(gone_by=None).values_list("uid", flat=True))


def _spaces_that_ended(cluster_id: int, uids: Collection[str]) -> set[str]:
    """Return the objects that stated blocks or addresses and state none now."""
    keys = {owner_key(uid, kind): uid for uid in uids for kind in NODE_KINDS}
    blocks = Block.objects.filter(cluster=cluster_id, object_uid__in=uids)
    held = Allocation.objects.filter(cluster=cluster_id, owner_key__in=list(keys))
    past = PastAllocation.objects.filter(cluster=cluster_id, owner_key__in=list(keys))
    ended = set(blocks.exclude(valid_to=None).values_list("object_uid", flat=True))
    ended |= {keys[key] for key in past.values_list("owner_key", flat=True)}
    stated = set(blocks.filter(valid_to=None).values_list("object_uid", flat=True))
    stated |= {keys[key] for key in held.values_list("owner_key", flat=True)}
    said = NodeRecord.objects.filter(cluster=cluster_id, uid__in=uids)
    ended |= set(said.exclude(gone_by=None).values_list("uid", flat=True))
    stated |= set(said.filter(gone_by=None).values_list("uid", flat=True))
    return ended - stated
