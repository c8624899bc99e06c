"""What REST asked of a cluster: pages and REST write no mirror, so it is done here.

No poll begins under a connection that is paused or removed; here the poll that runs is
stopped, the mirror is told, and what is to go is removed.
"""

from ipamweb.access.models import CHANGED, REMOVED, ClusterConnection
from ipamweb.mirror.models import Cluster
from ipamweb.sync import acts


def carry_out() -> int:
    """Do what is asked of each connection, and note that it is done; return of how
    many. Whoever asks again meanwhile is served the next time."""
    count = 0
    # Changes before removals, which take minutes: nobody waits for those of another.
    waiting = ClusterConnection.objects.exclude(asked="").order_by("asked", "pk")
    for connection in waiting:
        clusters = Cluster.objects.filter(slug=connection.slug)
        if connection.asked == CHANGED:
            for cluster in clusters:
                acts.set_paused(cluster, connection.paused)
                acts.edited(cluster)
        elif connection.asked == REMOVED:
            for cluster in clusters:
                acts.remove(cluster)
        count += _note_done(connection)
    return count


def _note_done(connection: ClusterConnection) -> int:
    same = ClusterConnection.objects.filter(
        pk=connection.pk, revision=connection.revision
    )
    if connection.asked == REMOVED:
        return same.delete()[0]
    return same.update(asked="")
