import pytest

from tests.cluster.described import (
    CILIUM_CONFIG,
    CILIUM_GROUP,
    CONTROL_PLANE,
    KUBEADM_CONFIG,
    config,
    controller_manager,
    detected,
    kubeadm,
    plain,
    pools_of,
    ranges_of,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.0/16 10.1.0.0/16", ["10.0.0.0/16", "10.1.0.0/16"]),
        ("10.0.0.0/16,10.1.0.0/16", ["10.0.0.0/16", "10.1.0.0/16"]),
        (" 10.0.0.0/16, 10.0.0.0/16\n", ["10.0.0.0/16"]),
        ("10.0.0.7/16", ["10.0.0.0/16"]),
    ],
    ids=["blanks", "commas", "twice", "host bits"],
)
def test_cluster_pools_are_lists(text: str, expected: list[str]) -> None:
    cilium = config(ipam="cluster-pool", cluster_pool_ipv4_cidr=text)

    [pool] = detected(plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium}).pools

    assert ranges_of(pool) == [(cidr, 24) for cidr in expected]


def test_a_dual_stack_cluster_pool_has_a_pool_of_each_family() -> None:
    cilium = config(
        ipam="Cluster-Pool",
        enable_ipv4="true",
        enable_ipv6="true",
        cluster_pool_ipv4_cidr="10.0.0.0/8",
        cluster_pool_ipv4_mask_size="25",
        cluster_pool_ipv6_cidr="fd00::/104",
        cluster_pool_ipv6_mask_size="120",
    )

    detection = detected(plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium})

    assert pools_of(detection) == {
        "cilium-cluster-pool-v4": [("10.0.0.0/8", 25)],
        "cilium-cluster-pool-v6": [("fd00::/104", 120)],
    }
    assert detection.families == (4, 6)


def test_a_family_that_is_switched_off_has_no_pool() -> None:
    cilium = config(
        enable_ipv6="false",
        cluster_pool_ipv4_cidr="10.0.0.0/8",
        cluster_pool_ipv6_cidr="fd00::/104",
    )

    detection = detected(plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium})

    assert list(pools_of(detection)) == ["cilium-cluster-pool-v4"]


def test_a_setting_that_is_no_range_or_length_is_a_problem_that_names_it() -> None:
    cilium = config(
        cluster_pool_ipv4_cidr="10.0.0.0/16 ten",
        cluster_pool_ipv4_mask_size="44",
    )

    detection = detected(plain() | {"/apis": CILIUM_GROUP, CILIUM_CONFIG: cilium})

    assert pools_of(detection) == {"cilium-cluster-pool-v4": [("10.0.0.0/16", None)]}
    assert [(p.object, p.field, p.why) for p in detection.problems] == [
        (
            "kube-system/cilium-config",
            "cluster-pool-ipv4-cidr",
            "'ten' is not a CIDR such as 10.0.0.0/8 or fd00::/104",
        ),
        (
            "kube-system/cilium-config",
            "cluster-pool-ipv4-mask-size",
            "'44' is no prefix length of IPv4",
        ),
    ]


def test_the_flags_of_the_controller_manager_come_before_kubeadm_s_intent() -> None:
    flags = controller_manager(
        "kube-controller-manager",
        "--allocate-node-cidrs=true",
        "--cluster-cidr=10.0.0.0/16,fd00::/48",
        "--node-cidr-mask-size-ipv4=25",
        "--node-cidr-mask-size-ipv6=60",
    )

    detection = detected(plain() | {
        CONTROL_PLANE: flags,
        KUBEADM_CONFIG: kubeadm("networking: {podSubnet: 10.244.0.0/16}"),
    })  # fmt: skip

    assert pools_of(detection) == {
        "kubernetes-v4": [("10.0.0.0/16", 25)],
        "kubernetes-v6": [("fd00::/48", 60)],
    }
    assert detection.pools[0].read_from == (
        "Pod kube-system/kube-controller-manager-cp1, cluster-cidr; "
        "block length: node-cidr-mask-size-ipv4"
    )


@pytest.mark.parametrize(
    "command",
    [
        ("kube-controller-manager", "--cluster-cidr=10.0.0.0/16",
         "--node-cidr-mask-size=26"),
        ("kube-controller-manager", "--cluster-cidr", "10.0.0.0/16",
         "--node-cidr-mask-size", "26"),
        ("/bin/sh", "-c", "exec kube-controller-manager --allocate-node-cidrs "
         "--cluster-cidr=10.0.0.0/16 --node-cidr-mask-size=26"),
    ],
    ids=["equals", "two words", "in a shell"],
)  # fmt: skip
def test_flags_are_read_however_they_are_written(command: tuple[str, ...]) -> None:
    detection = detected(plain() | {CONTROL_PLANE: controller_manager(*command)})

    assert pools_of(detection) == {"kubernetes-v4": [("10.0.0.0/16", 26)]}


def test_the_plain_mask_flag_does_not_count_with_two_families() -> None:
    flags = controller_manager(
        "--cluster-cidr=10.0.0.0/16,fd00::/56", "--node-cidr-mask-size=26"
    )

    detection = detected(plain() | {CONTROL_PLANE: flags})

    assert pools_of(detection) == {
        "kubernetes-v4": [("10.0.0.0/16", 24)],
        "kubernetes-v6": [("fd00::/56", 64)],
    }


KUBEADM = {
    "podSubnet": ("networking: {podSubnet: 10.0.0.0/16}", 24),
    "list of extraArgs": (
        "controllerManager: {extraArgs: [{name: cluster-cidr, value: 10.0.0.0/16},"
        " {name: node-cidr-mask-size, value: '26'}]}",
        26,
    ),
    "map of extraArgs": (
        "controllerManager:\n  extraArgs:\n    cluster-cidr: 10.0.0.0/16\n"
        "    node-cidr-mask-size: 26\n",
        26,
    ),
    "podSubnet with a mask": (
        "networking: {podSubnet: 10.0.0.0/16}\n"
        "controllerManager: {extraArgs: [{name: node-cidr-mask-size, value: '25'}]}",
        25,
    ),
}


@pytest.mark.parametrize(("text", "length"), KUBEADM.values(), ids=KUBEADM)
def test_kubeadm_s_configuration_is_read_in_every_version(
    text: str, length: int
) -> None:
    detection = detected(plain() | {KUBEADM_CONFIG: kubeadm(text)})

    assert pools_of(detection) == {"kubernetes-v4": [("10.0.0.0/16", length)]}


@pytest.mark.parametrize("text", ["a: [", "- 1", "networking: 7", "\t"])
def test_a_kubeadm_configuration_that_is_none_is_a_problem(text: str) -> None:
    detection = detected(plain() | {KUBEADM_CONFIG: kubeadm(text)})

    assert (detection.problems[0].object, detection.problems[0].field) == (
        "kube-system/kubeadm-config",
        "data.ClusterConfiguration",
    )


def test_a_cluster_that_tells_no_range_has_no_pools_and_says_so() -> None:
    nodes = {"items": [{"spec": {"podCIDRs": ["10.4.1.0/24", "fd00::/64"]}}]}

    detection = detected(plain() | {"/api/v1/nodes": nodes})

    assert detection.pools == ()
    assert detection.families == (4, 6)
    [problem] = detection.problems
    assert problem.kind == "Cluster"
    assert problem.object == "prod"
    assert "blocks are shown without a pool" in problem.why
