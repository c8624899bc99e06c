"""What happens to pods between two polls: they go, come, finish and are to go.

Always the same pods in the same order, spread evenly over the cluster. A pod that comes
takes the address of one that went, as in a cluster.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from ipamweb.simulator.store import Store, as_timestamp

Object = dict[str, Any]
# A prime that divides no number of pods: a walk in such steps meets every pod once.
STRIDE = 7_919


class PodChanges:
    """Changes pods of a store, each pod once while there are such, and their endpoints
    with them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._targets = self._walk()
        self._made = 0

    def make(self, count: int) -> None:
        """Make so many changes of pods, the four kinds in turn."""
        for _ in range(count // 4):
            gone = next(self._targets)
            self._delete(gone)
            self._add_like(gone)
            self._finish(next(self._targets))
            self._condemn(next(self._targets))

    def _walk(self) -> Iterator[Object]:
        """Yield the pods that hold an address, as they are now; when none is left,
        those that came since."""
        while True:
            yield from self._walk_once()

    def _walk_once(self) -> Iterator[Object]:
        keys = [(pod.namespace, pod.name) for pod in self._store.all("pods")]
        for index in range(len(keys)):
            namespace, name = keys[index * STRIDE % len(keys)]
            pod = self._store.get("pods", name, namespace=namespace)
            held = pod["status"].get("podIP") and not pod["spec"].get("hostNetwork")
            finished = pod["status"]["phase"] in ("Succeeded", "Failed")
            if held and not finished and "deletionTimestamp" not in pod["metadata"]:
                yield pod

    def _delete(self, pod: Object) -> None:
        metadata = pod["metadata"]
        self._delete_endpoint(metadata)
        self._store.delete("pods", metadata["name"], namespace=metadata["namespace"])

    def _add_like(self, pod: Object) -> None:
        self._made += 1
        kept = {"uid", "resourceVersion", "creationTimestamp"}
        metadata = {k: v for k, v in pod["metadata"].items() if k not in kept}
        metadata["name"] += f"-{self._made}"
        self._store.add("pods", {**pod, "metadata": metadata})

    def _finish(self, pod: Object) -> None:
        self._delete_endpoint(pod["metadata"])
        self._patch(pod, {"status": {"phase": "Succeeded"}})

    def _condemn(self, pod: Object) -> None:
        deadline = as_timestamp(self._store.clock() + timedelta(seconds=30))
        self._patch(pod, {"metadata": {"deletionTimestamp": deadline}})

    def _patch(self, pod: Object, patch: Object) -> None:
        metadata = pod["metadata"]
        name, namespace = metadata["name"], metadata["namespace"]
        self._store.modify("pods", name, namespace=namespace, patch=patch)

    def _delete_endpoint(self, metadata: Object) -> None:
        name, namespace = metadata["name"], metadata["namespace"]
        # A pod that came has none.
        with suppress(KeyError):
            self._store.delete("ciliumendpoints", name, namespace=namespace)
