"""A first list writes what the plan would have written of it."""

from typing import Any

import pytest

from ipamweb.addressing import records
from ipamweb.addressing.ranges import parse_address, parse_cidr
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    Endpoint,
    Namespace,
    Node,
    Pod,
)
from ipamweb.sync import first_list, staging
from ipamweb.sync.apply import Writing, apply_listed_pods
from ipamweb.sync.apply_places import apply_listed_endpoints
from ipamweb.sync.changes import Bounds
from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db

OWN = {"id", "cluster_id", "node_id", "namespace_id", "pod_id", "block_id", "pool_id"}


def listed(uid: str, *addresses: str, **facts: Any) -> staging.StagedPod:
    """Return a pod as a list leaves it to be written."""
    facts = {"namespace": "team", "node": "worker-a", "phase": "Running"} | facts
    record = records.Pod(
        uid=uid,
        name=f"pod-{uid}",
        addresses=tuple(map(parse_address, addresses)),
        resource_version="7",
        created_at=at("11:00:00"),
        **facts,
    )
    fields = staging.pod_fields(record)
    return staging.unpack_pod(staging.pack(uid, "7", staging.digest(fields), fields))


PODS = [
    listed("dual", "10.0.1.5", "fd00::5", workload_kind="Deployment"),
    listed("pending", phase="Pending", node=""),
    listed("finished", "10.0.1.6", phase="Succeeded"),
    listed("host", "172.18.0.2", host_network=True),
    listed("going", "10.0.1.7", terminating_at=at("11:59:00")),
    listed("rival", "10.0.1.7"),
    listed("stray", "10.9.9.9", node="unknown", namespace="unseen"),
]


def written(slug: str, write: Any, given: list[Any]) -> Cluster:
    cluster = Cluster.objects.create(slug=slug, name=slug)
    seen = {"cluster": cluster, "first_seen": at("12:00:00")}
    Namespace.objects.create(uid="team-uid", name="team", **seen)
    node = Node.objects.create(uid="a", name="worker-a", max_pods=110, **seen)
    for cidr in ("10.0.1.0/24", "fd00::/64"):
        span = parse_cidr(cidr)
        Block.objects.create(
            cluster=cluster, family=span.family, first=span.first, last=span.last,
            node=node, system="x", capacity_rule="cilium-host-scope", object_uid="a",
            from_earliest=at("12:00:00"), valid_from=at("12:00:00"),
        )  # fmt: skip
    bounds = Bounds(None, at("12:00:00"), at("12:00:01"))
    write(Writing(cluster.pk, 1, bounds), given)
    return cluster


def rows(model: Any, cluster: Cluster) -> list[dict[str, Any]]:
    """Return the rows without the keys that differ from cluster to cluster."""
    found = model.objects.filter(cluster=cluster).order_by("id").values()
    return [{k: v for k, v in row.items() if k not in OWN} for row in found]


@pytest.mark.parametrize("model", [Pod, Allocation, Node, Namespace, Block])
def test_the_first_list_writes_what_the_plan_would_write(model: Any) -> None:
    first = written("first", first_list.write_first_pods, PODS)
    planned = written("planned", apply_listed_pods, PODS)

    assert rows(model, first) == rows(model, planned)
    assert len(rows(Pod, first)) == 7
    assert len(rows(Allocation, first)) == 5


def test_the_first_list_knows_places_as_the_plan_does() -> None:
    cluster = written("first", first_list.write_first_pods, PODS)

    held = Allocation.objects.filter(cluster=cluster)
    places = held.values_list("pod__uid", "node__name", "block__family", "counted")
    assert list(places.order_by("id")) == [
        ("dual", "worker-a", 4, True),
        ("dual", "worker-a", 6, True),
        ("going", "worker-a", 4, True),
        ("rival", "worker-a", 4, False),
        ("stray", None, None, True),
    ]


def test_first_endpoints_are_written_as_later_ones_are() -> None:
    record = records.Endpoint(
        "e", "team", "web", "p", 5, "ready", (parse_address("10.0.1.5"),), "7"
    )
    fields = staging.endpoint_fields(record)
    packed = staging.pack("e", "7", staging.digest(fields), fields)
    given = [staging.unpack_endpoint(packed)]

    first = written("first", first_list.write_first_endpoints, given)
    later = written("later", apply_listed_endpoints, given)

    assert rows(Endpoint, first) == rows(Endpoint, later)


def test_a_pod_that_a_list_names_twice_is_one_pod(world: World) -> None:
    world.add(pod("web", "10.244.1.5"))
    stored = world.simulator.store.stored("pods", "web", namespace="default")
    world.spoil(stored, lambda body: body + b"," + body)

    result = world.poll()

    assert (result.outcome, world.held) == ("ok", {"10.244.1.5": "web"})
    assert Pod.objects.count() == 1
