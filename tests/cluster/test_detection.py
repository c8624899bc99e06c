from typing import Any

import pytest

from ipamweb.addressing.capacity import blocks_total, pool_numbers
from ipamweb.cluster.detection import detect, identity
from ipamweb.cluster.discovery import AGGREGATED
from ipamweb.cluster.errors import (
    BadAnswer,
    ClusterError,
    NotAllowed,
    NotInstalled,
    Throttled,
    Unauthorized,
    Unreachable,
)
from ipamweb.cluster.readers import READERS
from ipamweb.cluster.readers.contract import (
    CILIUM_NODES,
)
from tests.cluster.described import (
    CILIUM_CONFIG,
    CILIUM_GROUP,
    CONTROL_PLANE,
    CORE,
    KUBE_SYSTEM,
    KUBEADM_CONFIG,
    OF_CILIUM,
    TEXTBOOK,
    config,
    detected,
    kubeadm,
    plain,
    pools_of,
    recorded_cluster,
)
from tests.cluster.recorded import RecordedSession, answer


def test_the_recorded_cluster_is_cilium_in_host_scope() -> None:
    detection = detected(recorded_cluster())

    assert detection.identity == "aafabe50-552d-462f-8c63-833fd0c56094"
    assert (detection.systems, detection.mode) == (("cilium",), "kubernetes")
    assert detection.reader == "node_pod_cidr"
    assert detection.settings.capacity_rule == "cilium-host-scope"
    assert detection.kinds == (*CORE, *OF_CILIUM)
    assert detection.families == (4, 6)
    assert detection.problems == ()
    assert detection.missing_rights == ()


def test_the_textbook_host_scope_has_two_pools_of_256_blocks() -> None:
    detection = detected(recorded_cluster())

    assert pools_of(detection) == {
        "kubernetes-v4": [("10.244.0.0/16", 24)],
        "kubernetes-v6": [("fd00:10:244::/56", 64)],
    }
    assert [blocks_total(pool.ranges) for pool in detection.pools] == [256, 256]
    assert [
        pool_numbers(pool.ranges, pool.capacity_rule).capacity
        for pool in detection.pools
    ] == [256 * 254, 256 * 65_534]


def test_every_range_says_where_it_was_read() -> None:
    detection = detected(recorded_cluster())

    assert detection.pools[0].read_from == (
        "ConfigMap kube-system/kubeadm-config, cluster-cidr; "
        "block length: default of kube-controller-manager"
    )
    assert (
        "networking.podSubnet",
        "10.244.0.0/16,fd00:10:244::/56",
        "ConfigMap kube-system/kubeadm-config, networking.podSubnet",
    ) in detection.facts
    assert (
        "ipam",
        "kubernetes",
        "ConfigMap kube-system/cilium-config, ipam",
    ) in detection.facts


def test_the_textbook_cluster_scope_is_read_from_cilium_config() -> None:
    detection = detected(
        plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: TEXTBOOK["configmap"]}
    )

    assert (detection.systems, detection.mode) == (("cilium",), "cluster-pool")
    assert detection.reader == "cilium_cluster_pool"
    assert detection.kinds == (*CORE, *OF_CILIUM)
    assert detection.families == (4,)
    assert pools_of(detection) == {"cilium-cluster-pool-v4": [("10.0.0.0/8", 24)]}
    assert detection.pools[0].capacity_rule == "cilium-host-scope"
    assert detection.problems == ()


def test_detection_costs_six_requests() -> None:
    session = RecordedSession(recorded_cluster())

    detect(session)

    assert len(session.asked) == 6
    assert session.asked[0].accept == AGGREGATED


def test_plain_kubernetes_has_no_cilium_kinds() -> None:
    detection = detected(plain() | {KUBEADM_CONFIG: answer("configmap-kubeadm-config")})

    assert (detection.systems, detection.mode) == (("kubernetes",), "kubernetes")
    assert (detection.reader, detection.kinds) == ("node_pod_cidr", CORE)
    assert detection.settings.capacity_rule == "assumed"
    assert not detection.settings.cilium


def test_a_missing_right_is_named_and_not_fatal() -> None:
    detection = detected(plain() | {
        CILIUM_CONFIG: NotAllowed,
        KUBEADM_CONFIG: NotAllowed,
        CONTROL_PLANE: NotAllowed,
        "/api/v1/nodes": NotAllowed,
    })  # fmt: skip

    assert detection.missing_rights == (
        "get configmaps cilium-config in kube-system",
        "list pods in kube-system",
        "get configmaps kubeadm-config in kube-system",
        "list nodes",
    )
    assert detection.systems == ("kubernetes",)


def test_r6_a_kind_that_is_needed_and_not_served_is_not_left_out_silently() -> None:
    cilium = config(ipam="cluster-pool", cluster_pool_ipv4_cidr="10.0.0.0/8")

    detection = detected(plain() | {CILIUM_CONFIG: cilium})

    assert (detection.kinds, detection.unserved) == (CORE, OF_CILIUM)
    assert detection.settings.node_annotations
    assert "ciliumnodes.cilium.io is not served" in detection.problems[0].why


def test_endpoints_that_cilium_does_not_write_are_not_asked_for() -> None:
    cilium = config(ipam="kubernetes", disable_endpoint_crd="true")

    detection = detected(plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium})

    assert detection.kinds == (*CORE, CILIUM_NODES)
    assert detection.unserved == ()


@pytest.mark.parametrize(
    "path", ["/apis", "/version", KUBE_SYSTEM, CILIUM_CONFIG, KUBEADM_CONFIG]
)
@pytest.mark.parametrize("error", [Unreachable, Unauthorized, Throttled, BadAnswer])
def test_an_error_that_says_nothing_of_the_cluster_is_raised(
    path: str, error: type[ClusterError]
) -> None:
    with pytest.raises(error):
        detected(plain() | {path: error})


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"kind": 7}', b"\xff", b"[" * 9999])
def test_an_answer_that_is_not_json_of_its_shape_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer, match="prod: could not get /apis"):
        detected(plain() | {"/apis": body})


def test_a_cluster_without_identity_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer, match="it has no UID"):
        identity(RecordedSession({KUBE_SYSTEM: {"metadata": {}}}))


def test_r8_the_identity_is_the_uid_of_kube_system() -> None:
    session = RecordedSession({KUBE_SYSTEM: answer("namespace-kube-system")})

    assert identity(session) == "aafabe50-552d-462f-8c63-833fd0c56094"


def test_every_detection_names_a_reader_there_is() -> None:
    for cilium in (
        config(ipam="kubernetes"),
        config(ipam="cluster-pool"),
        NotInstalled,
    ):
        detection = detected(plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium})

        assert detection.reader in READERS
        assert set(detection.kinds) <= set(READERS[detection.reader].KINDS)


BOTH = ("cilium", "kubernetes")
SUBNET = kubeadm("networking: {podSubnet: 10.244.0.0/16}")


def in_cilium(cilium_config: Any, **answers: Any) -> dict[str, Any]:
    return plain(**answers) | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium_config}


@pytest.mark.parametrize(
    ("answers", "systems"),
    [
        (in_cilium(config(cluster_pool_ipv4_cidr="10.0.0.0/8")), BOTH),
        (in_cilium(config(cluster_pool_ipv4_cidr="10.0.0.0/8,nonsense")), ()),
        (in_cilium(config(ipam="cluster-pool")), ()),
        (in_cilium(config(ipam="kubernetes")) | {KUBEADM_CONFIG: SUBNET}, BOTH),
        (in_cilium(config(ipam="kubernetes")), ("cilium",)),
        (in_cilium(NotAllowed) | {KUBEADM_CONFIG: SUBNET}, ("kubernetes",)),
        (plain(), ("cilium",)),
        (plain() | {CILIUM_CONFIG: NotAllowed}, ()),
    ],
    ids=["read", "garbage", "no-range", "host-scope", "no-subnet", "no-right",
         "plain", "plain-without-right"],
)  # fmt: skip
def test_a_system_has_no_other_pools_only_where_its_configuration_was_understood(
    answers: dict[str, Any], systems: tuple[str, ...]
) -> None:
    assert detected(answers).pools_of == systems
