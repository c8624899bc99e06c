from typing import Any

import pytest

from ipamweb.cluster.detection import detect
from ipamweb.cluster.errors import (
    NotAllowed,
)
from ipamweb.cluster.readers.contract import (
    CILIUM_ENDPOINTS,
    CILIUM_NODES,
    NODES,
)
from tests.cluster.described import (
    CILIUM_CONFIG,
    CILIUM_GROUP,
    CORE,
    config,
    detected,
    groups,
    plain,
)
from tests.cluster.recorded import RecordedSession


def test_cilium_without_the_setting_ipam_is_in_cluster_pool() -> None:
    cilium = config(cluster_pool_ipv4_cidr="10.0.0.0/8")

    detection = detected(plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium})

    assert (detection.mode, detection.reader) == ("cluster-pool", "cilium_cluster_pool")


@pytest.mark.parametrize(
    "mode", ["multi-pool", "crd", "eni", "azure", "delegated-plugin"]
)
def test_a_mode_that_is_not_read_yet_is_said_and_the_rest_is_read(mode: str) -> None:
    detection = detected(
        plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: config(ipam=mode)}
    )

    assert (detection.mode, detection.reader) == (mode, "node_pod_cidr")
    assert detection.settings.capacity_rule == "assumed"
    assert f"Cilium's IPAM mode '{mode}' is not read yet" in detection.problems[0].why


@pytest.mark.parametrize(
    ("served", "system"),
    [
        (groups("crd.projectcalico.org"), "calico"),
        (groups(projectcalico_org=["ippools", "ipamblocks"]), "calico"),
        (groups("crd.antrea.io"), "antrea"),
        (groups("kubeovn.io"), "kube-ovn"),
        (groups("k8s.ovn.org"), "ovn-kubernetes"),
        (groups("crd.k8s.amazonaws.com"), "aws-vpc-cni"),
    ],
    ids=["calico", "native calico", "antrea", "kube-ovn", "ovn", "aws"],
)
def test_a_system_that_is_not_read_yet_is_named(
    served: dict[str, Any], system: str
) -> None:
    detection = detected(plain() | {"/apis": served})

    assert (detection.systems, detection.mode) == ((system,), system)
    assert (detection.reader, detection.kinds) == ("node_pod_cidr", CORE)
    assert f"{system} is not read yet" in detection.problems[0].why


def test_calico_s_aggregated_api_alone_is_not_calico() -> None:
    detection = detected(
        plain() | {"/apis": groups(projectcalico_org=["ippools", "ipreservations"])}
    )

    assert detection.systems == ("kubernetes",)


def test_systems_beside_the_pod_network_do_not_decide_the_mode() -> None:
    detection = detected(
        plain() | {"/apis": groups("metallb.io", "whereabouts.cni.cncf.io")}
    )

    assert detection.systems == ("kubernetes", "whereabouts", "metallb")
    assert detection.mode == "kubernetes"
    assert any("metallb is not read yet" in each.why for each in detection.problems)


@pytest.mark.parametrize(
    ("cilium_cidr", "node_cidr", "mode"),
    [
        ("10.0.2.0/24", "10.244.2.0/24", "cluster-pool"),
        ("10.244.2.0/24", "10.244.2.0/24", "kubernetes"),
        (None, "10.244.2.0/24", "unknown"),
    ],
)
def test_without_cilium_config_the_mode_is_concluded_from_cilium_nodes(
    cilium_cidr: str | None, node_cidr: str, mode: str
) -> None:
    ipam = {"podCIDRs": [cilium_cidr] if cilium_cidr else None}

    detection = detected(plain() | {
        "/apis": CILIUM_GROUP,
        CILIUM_CONFIG: NotAllowed,
        CILIUM_NODES.path: {"items": [{"spec": {"ipam": ipam}}]},
        NODES.path: {"items": [{"spec": {"podCIDRs": [node_cidr]}}]},
    })  # fmt: skip

    assert detection.systems == ("cilium",)
    assert detection.mode == mode
    assert detection.missing_rights == ("get configmaps cilium-config in kube-system",)
    assert any("concluded" in problem.why for problem in detection.problems)


def test_crds_that_an_uninstalled_cilium_left_are_not_cilium() -> None:
    detection = detected(
        plain() | {"/apis": CILIUM_GROUP, CILIUM_NODES.path: {"items": []}}
    )

    assert (detection.systems, detection.kinds) == (("kubernetes",), CORE)


def test_a_server_without_aggregated_discovery_is_asked_group_by_group() -> None:
    versions = [{"groupVersion": "cilium.io/v2", "version": "v2"}]
    names = [{"name": "ciliumnodes"}, {"name": "ciliumnodes/status"}]

    detection = detected(plain() | {
        "/apis": {"kind": "APIGroupList",
                  "groups": [{"name": "cilium.io", "versions": versions}]},
        "/apis/cilium.io/v2": {"kind": "APIResourceList", "resources": names},
        CILIUM_CONFIG: config(ipam="kubernetes"),
    })  # fmt: skip

    assert detection.kinds == (*CORE, CILIUM_NODES)
    assert detection.unserved == (CILIUM_ENDPOINTS,)


def test_cilium_can_be_installed_in_another_namespace() -> None:
    path = "/api/v1/namespaces/cilium/configmaps/cilium-config"
    cilium = config(ipam="kubernetes")

    detection = detect(
        RecordedSession(plain() | {"/apis": CILIUM_GROUP, path: cilium}),
        cilium_namespace="cilium",
    )

    assert detection.systems == ("cilium",)
