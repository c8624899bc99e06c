import pytest

from ipamweb.mirror.models import Block, Cluster, ClusterVersion, PoolRange
from ipamweb.mirror.queries import clusters, plan
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at

pytestmark = pytest.mark.usefixtures("people")
V4, V6 = "cilium-cluster-pool-v4", "cilium-cluster-pool-v6"


def planned():
    every = clusters.every(scope=EVERYTHING, now=cast.NOW)
    return [
        (each.cluster, each.use, str(each.range), each.name)
        for each in plan.ranges(every, scope=EVERYTHING)
    ]


def test_pools_stand_with_their_ranges_in_address_order():
    assert planned() == [
        ("prod-eu", "pool", "10.0.0.0/20", V4),
        ("prod-eu", "pool", "fd00::/116", V6),
    ]


def test_a_range_that_a_pool_had_once_is_not_planned():
    PoolRange.objects.filter(family=6).update(valid_to=at("13:00:00"))

    assert [use for _, use, *_ in planned()] == ["pool"]


def test_blocks_in_no_pool_stand_as_runs():
    Block.objects.filter(pk__in=[1, 2, 4]).update(pool=None)

    assert ("prod-eu", "blocks", "10.0.0.16-10.0.0.47", "") in planned()
    assert ("prod-eu", "blocks", "fd00::10/124", "") in planned()


def test_services_stand_once_with_where_they_were_read():
    facts = [
        ["service-cluster-ip-range", "10.96.0.0/12,fd96::/108", "Pod kube-system/kcm"],
        ["networking.serviceSubnet", "10.96.0.0/12", "ConfigMap kubeadm-config"],
        ["cluster-cidr", "10.0.0.0/20", "Pod kube-system/kcm"],
    ]
    ClusterVersion.objects.create(
        cluster=Cluster.objects.get(slug="lab"), facts=facts, valid_from=at("12:00:00")
    )
    every = clusters.every(scope=EVERYTHING, now=cast.NOW)

    found = [
        (str(each.range), each.read_from)
        for each in plan.ranges(every, scope=EVERYTHING)
        if each.use == "services"
    ]

    assert found == [
        ("10.96.0.0/12", "Pod kube-system/kcm"),
        ("fd96::/108", "Pod kube-system/kcm"),
    ]


def test_a_fact_that_is_no_range_is_left_out():
    ClusterVersion.objects.update(
        facts=[["service-cluster-ip-range", "10.96.0.0/99", "Pod kube-system/kcm"]]
    )

    assert [use for _, use, *_ in planned()] == ["pool", "pool"]
