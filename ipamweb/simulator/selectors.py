"""Field and label selectors, as far as they are equalities.

Fields: metadata.name, metadata.namespace, spec.nodeName (pods). Anything else is a 400.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ipamweb.simulator.routes import Target
from ipamweb.simulator.shelf import Stored
from ipamweb.simulator.statuses import bad_request, refused


@dataclass(frozen=True, slots=True)
class Selection:
    """Which objects a request wants: tuples of (name, value, whether it must equal)."""

    namespace: str = ""
    fields: tuple[tuple[str, str, bool], ...] = ()
    labels: tuple[tuple[str, str, bool], ...] = ()

    @property
    def is_everything(self) -> bool:
        return not self.fields and not self.labels

    def takes(self, stored: Stored) -> bool:
        return (
            (not self.namespace or stored.namespace == self.namespace)
            and all(
                (_field(stored, name) == value) == equal
                for name, value, equal in self.fields
            )
            and all(
                (stored.labels.get(name) == value) == equal
                for name, value, equal in self.labels
            )
        )


def read_selection(target: Target, query: Mapping[str, str]) -> Selection:
    """Return what the query selects; a selector not understood is refused with 400."""
    fields = _parse(query.get("fieldSelector", ""))
    known = {"metadata.name", "metadata.namespace"}
    if target.kind.resource == "pods":
        known.add("spec.nodeName")
    for name, _, _ in fields:
        if name not in known:
            raise refused(bad_request(f"field label not supported: {name}"))
    if target.name:
        fields += (("metadata.name", target.name, True),)
    labels = _parse(query.get("labelSelector", ""))
    return Selection(target.namespace, fields, labels)


def _parse(text: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple(_requirement(part) for part in text.split(",") if part)


def _requirement(part: str) -> tuple[str, str, bool]:
    for operator, equal in (("!=", False), ("==", True), ("=", True)):
        name, found, value = part.partition(operator)
        if found:
            return name.strip(), value.strip(), equal
    raise refused(bad_request(f"unable to parse requirement: {part!r} is no equality"))


def _field(stored: Stored, name: str) -> str:
    if name == "metadata.name":
        return stored.name
    return stored.node if name == "spec.nodeName" else stored.namespace
