"""How far each kind has been read: moved in the last transaction of a poll.

Not here: what is read from a cursor on (gather.py).
"""

from collections.abc import Iterable, Mapping

from ipamweb.mirror.models import Cluster, Cursor, Pod
from ipamweb.sync.gather import Gathered, went_back


def move_cursors(
    cluster: Cluster, cursors: Mapping[str, Cursor], gathered: Iterable[Gathered]
) -> None:
    """Write where the next poll goes on; `cursors` are those of this one, by kind.

    A kind that is read no more loses its own. May raise the epoch of `cluster`, which
    the caller saves.
    """
    for kind in cursors.keys() - cluster.kinds:
        cursors[kind].delete()
    for each in gathered:
        if each.kind not in cluster.kinds:
            continue
        cursor = cursors.get(each.kind) or Cursor(cluster=cluster, kind=each.kind)
        if went_back(cursor.resource_version, each.resource_version):
            _begin_epoch(cluster, each.kind)
        cursor.resource_version = each.resource_version
        cursor.as_of = each.bounds.asked_at
        if each.listed:
            cursor.listed_at = each.bounds.asked_at
        # An event whose object has no readable UID may have been about any object.
        cursor.needs_list = bool(each.unidentified) and not each.listed
        cursor.save()


def _begin_epoch(cluster: Cluster, kind: str) -> None:
    """Forget the versions of before: beside them what comes now would look old."""
    cluster.epoch += 1
    if kind == "pods":
        pods = Pod.objects.filter(cluster=cluster, gone_how="")
        pods.update(resource_version="")
