"""Which groups and resources an API server serves.

Asks for the aggregated form, one request; older servers answer with the plain list of
groups, and then the few groups that matter are asked one by one.
"""

from dataclasses import dataclass

from ipamweb.cluster import shapes
from ipamweb.cluster.errors import NotFound, NotInstalled
from ipamweb.cluster.objects import Asks, read_object
from ipamweb.cluster.readers.contract import Kind

# KEP-3352; servers before 1.30 know v2beta1 only, and those before 1.26 neither.
AGGREGATED = ",".join(
    (
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        "application/json",
    )
)

# Asked one by one where the server has no aggregated form.
GROUPS_THAT_MATTER = ("cilium.io", "projectcalico.org")


@dataclass(frozen=True, slots=True)
class Served:
    """Groups, and (group, version, resource) of those that were looked into."""

    groups: frozenset[str]
    resources: frozenset[tuple[str, str, str]]

    def has(self, kind: Kind) -> bool:
        """Say whether a kind of a named group is served (core kinds always are)."""
        return (
            not kind.group
            or (kind.group, kind.version, kind.resource) in self.resources
        )

    def has_resource(self, group: str, resource: str) -> bool:
        """Say whether a group serves a resource, in any version."""
        return any(g == group and r == resource for g, _, r in self.resources)


NOTHING = Served(frozenset(), frozenset())


def read_served(session: Asks) -> Served:
    """Return what the server serves. Costs one request, a few with old servers."""
    answer = read_object(session, "/apis", shapes.Discovery, accept=AGGREGATED)
    if answer.items is not None:
        return _from_aggregated(answer.items)
    return _from_plain(session, answer.groups or [])


def _from_aggregated(groups: list[shapes.DiscoveredGroup]) -> Served:
    resources = {
        (group.metadata.name, version.version, resource.resource)
        for group in groups
        for version in group.versions or ()
        for resource in version.resources or ()
    }
    names = {group.metadata.name for group in groups}
    return Served(frozenset(names), frozenset(resources))


def _from_plain(session: Asks, groups: list[shapes.DiscoveredGroup]) -> Served:
    resources = {
        (group.name, version.version, resource)
        for group in groups
        if group.name in GROUPS_THAT_MATTER
        for version in group.versions or ()
        for resource in _plain_resources(session, group.name, version.version)
    }
    return Served(frozenset(group.name for group in groups), frozenset(resources))


def _plain_resources(session: Asks, group: str, version: str) -> list[str]:
    try:
        answer = read_object(session, f"/apis/{group}/{version}", shapes.ResourceList)
    except (NotFound, NotInstalled):
        # Gone between the two answers.
        return []
    return [resource.name for resource in answer.resources or ()]
