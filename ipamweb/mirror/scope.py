"""Scope: what a reader may see by name. Every query takes one.

Built from a user by access.visibility; occupancy is for all, names only inside the
scope.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything, or these namespaces: (the cluster's id, the namespace's UID).

    Never the UID alone: a cluster that was restored from another's backup has
    namespaces of the same UIDs, and what is in them belongs to others.
    """

    everything: bool = False
    namespaces: frozenset[tuple[int, str]] = frozenset()

    def shows(self, namespace_uid: str, *, cluster_id: int) -> bool:
        """Say whether names of this namespace may be shown.

        What belongs to no namespace (router, health, node addresses) is shown to all.
        """
        return (
            self.everything
            or namespace_uid == ""
            or (cluster_id, namespace_uid) in self.namespaces
        )

    def uids_in(self, cluster_id: int) -> frozenset[str]:
        """Return the UIDs in one cluster; of everything none is listed."""
        return frozenset(uid for pk, uid in self.namespaces if pk == cluster_id)

    def by_cluster(self) -> Iterator[tuple[int, frozenset[str]]]:
        """Yield each cluster's id with the UIDs in it, sorted."""
        for cluster_id in sorted({pk for pk, _ in self.namespaces}):
            yield cluster_id, self.uids_in(cluster_id)


EVERYTHING = Scope(everything=True)
