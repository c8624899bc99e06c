"""What is true of a simulated cluster: who holds which address, and who ever did.

Read from the simulator's own store, never from its answers. Not here: what the mirror
says of it (machine.py).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ipamweb.simulator.shelf import Stored
from ipamweb.simulator.store import Store

# UID and address, as Kubernetes writes it.
Holding = tuple[str, str]


@dataclass(slots=True)
class Truth:
    """Watches the store: `look` notes who holds what now, and what began and ended."""

    store: Store
    held: set[Holding] = field(default_factory=set)
    begun: Counter[Holding] = field(default_factory=Counter)
    ended: Counter[Holding] = field(default_factory=Counter)
    # UIDs that cannot be read at the moment: they hold on to what they held.
    spoiled: set[str] = field(default_factory=set)
    # UIDs of pods that were seen finished.
    finished: set[str] = field(default_factory=set)

    def look(self) -> tuple[set[Holding], set[Holding]]:
        """Return what began and what ended since the last look, and count it.

        Look often: at most one change of each pod may lie between two looks.
        """
        now = {
            (stored.uid, address)
            for stored in self.store.all("pods")
            for address in self._addresses(stored)
        }
        self.finished |= {
            stored.uid for stored in self._readable() if is_finished(stored)
        }
        begun, ended = now - self.held, self.held - now
        self.begun.update(begun)
        self.ended.update(ended)
        self.held = now
        return begun, ended

    def inside(self, namespaces: Iterable[str]) -> set[str]:
        """Return the UIDs of the pods in some namespaces; in all for none."""
        names = set(namespaces)
        return {
            stored.uid
            for stored in self.store.all("pods")
            if not names or stored.namespace in names
        }

    def vague(self) -> set[str]:
        """Return the UIDs of pods whose status lost its addresses of a family.

        An empty status proves nothing: the mirror may go on with what it saw.
        """
        families: dict[str, set[bool]] = {}
        for uid, address in self.begun:
            families.setdefault(uid, set()).add(":" in address)
        for uid, address in self.held:
            families[uid].discard(":" in address)
        return {uid for uid, lost in families.items() if lost}

    def revived(self) -> set[str]:
        """Return the UIDs of pods that had finished and run again since a restore.

        Where no version tells of the restore, to the mirror they have finished (H5).
        """
        running = {each.uid for each in self._readable() if not is_finished(each)}
        return self.finished & running

    def _readable(self) -> list[Stored]:
        pods = self.store.all("pods")
        return [stored for stored in pods if stored.uid not in self.spoiled]

    def _addresses(self, stored: Stored) -> Iterable[str]:
        if stored.uid in self.spoiled:
            return [address for uid, address in self.held if uid == stored.uid]
        return addresses_held(msgspec.json.decode(stored.body))


def is_finished(stored: Stored) -> bool:
    status = msgspec.json.decode(stored.body)["status"]
    return status["phase"] in ("Succeeded", "Failed")


def addresses_held(pod: dict[str, Any]) -> list[str]:
    """Return the addresses that a pod, as it stands in the API, holds."""
    if pod["status"]["phase"] in ("Succeeded", "Failed"):
        return []
    if pod["spec"].get("hostNetwork"):
        return []
    return [each["ip"] for each in pod["status"].get("podIPs", [])]


def blocks(store: Store) -> set[tuple[str, str]]:
    """Return (UID of the Node, CIDR) of all Nodes."""
    return {
        (stored.uid, cidr)
        for stored in store.all("nodes")
        for cidr in msgspec.json.decode(stored.body)["spec"].get("podCIDRs", [])
    }
