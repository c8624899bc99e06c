from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ipamweb.addressing.ranges import format_address
from ipamweb.addressing.records import Pod, Reading
from ipamweb.cluster import shapes
from ipamweb.cluster.readers import node_pod_cidr
from ipamweb.cluster.readers.contract import ReaderSettings
from ipamweb.cluster.readers.places import workload_of
from tests.cluster.recorded import listed, listed_answers


def read_pods(*pods: dict[str, Any]) -> Reading:
    return node_pod_cidr.read(listed(pods=list(pods)))


def read_node(settings: ReaderSettings | None = None, **fields: Any) -> Reading:
    metadata = {"uid": "n1", "name": "worker-1", **fields.pop("metadata", {})}
    node = {"metadata": metadata, **fields}
    return node_pod_cidr.read(listed(nodes=[node]), settings or ReaderSettings())


def pod(**status: Any) -> dict[str, Any]:
    return {
        "metadata": {"uid": "u1", "namespace": "shop", "name": "cart-0"},
        "status": {"phase": "Running", **status},
    }


def texts(one: Pod) -> list[str]:
    return [format_address(address) for address in one.addresses]


def test_every_pod_of_the_recordings_is_read() -> None:
    reading = node_pod_cidr.read(listed_answers(pods="pods-list-rv0"))

    assert len(reading.pods) == 24
    assert reading.problems == []


def test_a_dual_stack_pod_has_both_addresses() -> None:
    reading = node_pod_cidr.read(listed_answers(pods="pods-list-page-1"))

    web = next(each for each in reading.pods if each.name == "web-012")
    assert texts(web) == ["10.244.0.12", "fd00:10:244::c"]
    assert (web.namespace, web.node, web.phase) == ("default", "node1", "Running")
    assert web.uid == "d5825505-0941-4865-b672-df003d8b1bcf"
    assert web.created_at == datetime(2026, 11, 22, 21, 26, 58, tzinfo=UTC)
    assert web.resource_version == "62248"


def test_finished_pods_keep_their_addresses_and_hold_none() -> None:
    reading = node_pod_cidr.read(listed_answers(pods="pods-list-rv0"))

    finished = [each for each in reading.pods if each.is_terminal]
    assert {each.phase for each in finished} == {"Succeeded", "Failed"}
    assert all(each.addresses for each in finished)
    assert not any(each.holds_addresses for each in finished)


def test_host_network_pods_hold_no_address() -> None:
    [one] = read_pods(
        {**pod(podIPs=[{"ip": "192.0.2.11"}]), "spec": {"hostNetwork": True}}
    ).pods

    assert texts(one) == ["192.0.2.11"]
    assert not one.holds_addresses


def test_a_pod_without_an_address_is_a_pod() -> None:
    [one] = read_pods(pod(phase="Pending", podIPs=None)).pods

    assert (one.phase, one.addresses) == ("Pending", ())


def test_a_terminating_pod_still_holds_its_address() -> None:
    terminating = pod(podIPs=[{"ip": "10.0.0.9"}])
    terminating["metadata"]["deletionTimestamp"] = "2026-11-22T21:31:00Z"

    [one] = read_pods(terminating).pods

    assert one.terminating_at == datetime(2026, 11, 22, 21, 31, tzinfo=UTC)
    assert one.holds_addresses


def test_the_single_address_of_an_old_server_is_read() -> None:
    [one] = read_pods(pod(podIP="10.0.0.9")).pods

    assert texts(one) == ["10.0.0.9"]


def test_an_address_that_is_none_does_not_drop_the_others() -> None:
    reading = read_pods(pod(podIPs=[{"ip": "fe80::1%eth0"}, {"ip": "10.0.0.9"}]))

    assert [texts(one) for one in reading.pods] == [["10.0.0.9"]]
    [problem] = reading.problems
    assert (problem.kind, problem.object, problem.field, problem.object_uid) == (
        "Pod",
        "shop/cart-0",
        "status.podIPs",
        "u1",
    )
    assert "zone id" in problem.why


def test_an_address_that_is_listed_twice_is_one() -> None:
    [one] = read_pods(pod(podIPs=[{"ip": "fd00::a"}, {"ip": "FD00:0::A"}])).pods

    assert texts(one) == ["fd00::a"]


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-22T21:31:00", ""])
def test_a_time_that_is_none_is_a_problem_and_the_pod_is_read(moment: str) -> None:
    broken = pod()
    broken["metadata"]["creationTimestamp"] = moment

    reading = read_pods(broken)

    assert [one.created_at for one in reading.pods] == [None]
    assert [each.field for each in reading.problems] == ["metadata.creationTimestamp"]


def test_an_object_without_a_uid_is_a_problem_and_the_others_are_read() -> None:
    nameless = {"metadata": {"name": "cart-1", "namespace": "shop"}}

    reading = read_pods(nameless, pod())

    assert [one.name for one in reading.pods] == ["cart-0"]
    assert [(each.object, each.why) for each in reading.problems] == [
        ("shop/cart-1", "it has no UID")
    ]


WORKLOADS = [
    ("ReplicaSet", "web-5d59d67564", {"pod-template-hash": "5d59d67564"},
     ("Deployment", "web")),
    ("ReplicaSet", "web-5d59d67564", {}, ("ReplicaSet", "web-5d59d67564")),
    ("ReplicaSet", "web", {"pod-template-hash": "5d59d67564"}, ("ReplicaSet", "web")),
    ("Job", "backup-29384756", {}, ("CronJob", "backup")),
    ("Job", "backup-2938475600", {}, ("CronJob", "backup")),
    ("Job", "backup-2938475", {}, ("Job", "backup-2938475")),
    ("Job", "backup-29384756001", {}, ("Job", "backup-29384756001")),
    ("Job", "nightly-20261122-29384756", {}, ("CronJob", "nightly-20261122")),
    ("ReplicationController", "shop-3", {"deploymentconfig": "shop"},
     ("DeploymentConfig", "shop")),
    ("ReplicationController", "shop-3", {}, ("ReplicationController", "shop-3")),
    ("StatefulSet", "db", {"pod-template-hash": "x"}, ("StatefulSet", "db")),
    ("DaemonSet", "agent", {}, ("DaemonSet", "agent")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "labels", "workload"), WORKLOADS, ids=[w[1] for w in WORKLOADS]
)
def test_a_pod_belongs_to_what_a_person_would_name(
    kind: str, name: str, labels: dict[str, str], workload: tuple[str, str]
) -> None:
    metadata = {
        "name": f"{name}-x2x4z",
        "generateName": f"{name}-",
        "labels": labels,
        "ownerReferences": [
            {"kind": "Other", "name": "no-controller"},
            {"kind": kind, "name": name, "controller": True},
        ],
    }

    assert workload_of(msgspec.convert({"metadata": metadata}, shapes.Pod)) == workload


@pytest.mark.parametrize(
    "metadata",
    [
        {"name": "alone"},
        {"name": "alone", "generateName": "al"},
        {"name": "alone", "ownerReferences": [{"kind": "Node", "controller": True}]},
    ],
    ids=["no owner", "no controller", "name not generated"],
)
def test_a_pod_without_a_controller_or_a_generated_name_is_its_own(
    metadata: dict[str, Any],
) -> None:
    one = msgspec.convert({"metadata": metadata}, shapes.Pod)

    assert workload_of(one) == ("Pod", "alone")


def test_namespaces_are_read_with_their_labels() -> None:
    reading = node_pod_cidr.read(listed_answers(namespaces="namespaces-list"))

    default = next(each for each in reading.namespaces if each.name == "default")
    assert default.uid == "2a0f1a6b-45d7-4afd-bcba-da80445bfa63"
    assert default.labels == (("kubernetes.io/metadata.name", "default"),)


def test_a_node_is_read_with_zone_pool_type_and_state() -> None:
    labels = {
        "topology.kubernetes.io/zone": "zone-a",
        "cloud.google.com/gke-nodepool": "general",
        "node.kubernetes.io/instance-type": "e2-standard-4",
    }
    reading = read_node(
        metadata={"labels": labels, "creationTimestamp": "2026-11-22T21:25:09Z"},
        status={
            "allocatable": {"pods": "110"},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    )

    [node] = reading.nodes
    assert (node.uid, node.name, node.zone) == ("n1", "worker-1", "zone-a")
    assert (node.node_pool, node.instance_type) == ("general", "e2-standard-4")
    assert (node.max_pods, node.ready) == (110, True)
    assert node.created_at == datetime(2026, 11, 22, 21, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "label",
    [
        "eks.amazonaws.com/nodegroup",
        "kubernetes.azure.com/agentpool",
        "agentpool",
        "karpenter.sh/nodepool",
    ],
)
def test_the_labels_of_the_clouds_name_the_node_pool(label: str) -> None:
    reading = read_node(metadata={"labels": {label: "general"}})

    assert [node.node_pool for node in reading.nodes] == ["general"]


def test_the_label_of_the_node_pool_is_a_setting() -> None:
    settings = ReaderSettings(node_pool_labels=("example.org/rack",))
    labels = {"example.org/rack": "r7", "agentpool": "general"}

    reading = read_node(settings, metadata={"labels": labels})

    assert [node.node_pool for node in reading.nodes] == ["r7"]


@pytest.mark.parametrize(
    ("quantity", "max_pods"),
    [("110", 110), (110, 110), ("1k", 1000), ("0", 0), (None, None)],
)
def test_max_pods_is_a_quantity(quantity: Any, max_pods: int | None) -> None:
    reading = read_node(status={"allocatable": {"pods": quantity}})

    assert [node.max_pods for node in reading.nodes] == [max_pods]
    assert reading.problems == []


@pytest.mark.parametrize("quantity", ["many", "", "-1", "1.5", "k", "11 0"])
def test_max_pods_that_is_no_number_is_a_problem(quantity: str) -> None:
    reading = read_node(status={"allocatable": {"pods": quantity}})

    assert [node.max_pods for node in reading.nodes] == [None]
    assert [each.field for each in reading.problems] == ["status.allocatable.pods"]


@pytest.mark.parametrize(
    ("conditions", "ready"),
    [
        ([{"type": "Ready", "status": "True"}], True),
        ([{"type": "Ready", "status": "False"}], False),
        ([{"type": "Ready", "status": "Unknown"}], False),
        ([{"type": "DiskPressure", "status": "True"}], None),
        (None, None),
    ],
)
def test_a_node_is_ready_or_not_or_does_not_say(
    conditions: list[dict[str, str]] | None, ready: bool | None
) -> None:
    reading = read_node(status={"conditions": conditions})

    assert [node.ready for node in reading.nodes] == [ready]


def test_the_internal_addresses_of_a_node_are_its_own() -> None:
    addresses = [
        {"type": "InternalIP", "address": "192.0.2.11"},
        {"type": "InternalIP", "address": "2001:db8::11"},
        {"type": "InternalIP", "address": "192.0.2.999"},
        {"type": "ExternalIP", "address": "198.51.100.7"},
        {"type": "Hostname", "address": "worker-1"},
    ]

    reading = read_node(status={"addresses": addresses})

    assert [
        (format_address(each.address), each.kind, each.owner_key, each.node)
        for each in reading.node_addresses
    ] == [
        ("192.0.2.11", "node", "node:n1:node", "worker-1"),
        ("2001:db8::11", "node", "node:n1:node", "worker-1"),
    ]
    assert {each.source for each in reading.node_addresses} == {"node.status.addresses"}
    assert [each.field for each in reading.problems] == ["status.addresses"]
