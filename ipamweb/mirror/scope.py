"""Scope: what a reader may see by name. Every query takes one.

Built from a user by access.visibility; occupancy is for all, names only inside the
scope.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything, or the namespaces with these UIDs."""

    everything: bool = False
    namespace_uids: frozenset[str] = frozenset()

    def shows(self, namespace_uid: str) -> bool:
        """Say whether names of this namespace may be shown.

        What belongs to no namespace (router, health, node addresses) is shown to all.
        """
        return (
            self.everything
            or namespace_uid == ""
            or namespace_uid in self.namespace_uids
        )


EVERYTHING = Scope(everything=True)
