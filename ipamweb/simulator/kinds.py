"""The kinds the simulator serves, with the names each goes by.

Not here: how a kind is printed (tables.py) or made (objects.py).
"""

from dataclasses import dataclass

CILIUM_GROUP = "cilium.io"
READ_VERBS = ("get", "list", "watch")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object; `resource` is the plural that stands in paths."""

    resource: str
    name: str
    group: str = ""
    version: str = "v1"
    namespaced: bool = True
    short_names: tuple[str, ...] = ()

    @property
    def singular(self) -> str:
        return self.name.lower()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The name used in messages: pods, ciliumnodes.cilium.io."""
        return f"{self.resource}.{self.group}" if self.group else self.resource

    @property
    def is_custom(self) -> bool:
        """Whether a CRD defines it: such objects carry kind and apiVersion in lists."""
        return bool(self.group)


_ALL = (
    Kind("nodes", "Node", namespaced=False, short_names=("no",)),
    Kind("pods", "Pod", short_names=("po",)),
    Kind("namespaces", "Namespace", namespaced=False, short_names=("ns",)),
    Kind("configmaps", "ConfigMap", short_names=("cm",)),
    Kind("ciliumnodes", "CiliumNode", CILIUM_GROUP, "v2", False, ("cn",)),
    Kind("ciliumendpoints", "CiliumEndpoint", CILIUM_GROUP, "v2", True, ("cep",)),
)
KINDS: dict[str, Kind] = {kind.resource: kind for kind in _ALL}
