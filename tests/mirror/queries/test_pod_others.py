from ipamweb.addressing.ranges import format_address, parse_address
from ipamweb.mirror.models import Pod
from ipamweb.mirror.queries import pod_others, pods
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import at, uid


def siblings(cluster, number, scope=EVERYTHING, most=100):
    found = pods.one(uid(number), cluster=cluster, scope=EVERYTHING)
    return pod_others.siblings(found.pod, cluster=cluster, most=most, scope=scope)


def others(cluster, *texts, owner_key=""):
    return pod_others.other_holders(
        [parse_address(text) for text in texts],
        owner_key=owner_key,
        cluster=cluster,
        most=10,
        scope=EVERYTHING,
    )


def test_siblings_are_the_other_pods_of_the_workload(prod):
    found = siblings(prod, 401)

    assert {row.pod for row in found} == {f"web-{n:02}" for n in range(2, 13)}
    assert len(found) == 22


def test_a_pod_without_a_workload_has_no_siblings(prod):
    assert siblings(prod, 421) == ()


def test_a_workload_of_another_kind_or_namespace_is_another(prod):
    Pod.objects.filter(pk=402).update(workload_kind="StatefulSet")
    cast.hold(
        cast.pod(
            470,
            "shop/web-99",
            addresses="10.0.0.41",
            workload_kind="Deployment",
            workload_name="web",
        ),
        470,
    )

    assert {"web-02", "web-99"} & {row.pod for row in siblings(prod, 401)} == set()


def test_siblings_are_cut_by_pods_and_not_by_addresses(prod):
    found = siblings(prod, 401, most=3)

    assert {row.pod for row in found} == {"web-02", "web-03", "web-04"}
    assert len(found) == 6


def test_siblings_outside_the_scope_are_not_shown(prod):
    assert siblings(prod, 401, scope=Scope()) == ()


def test_other_holders_are_the_present_ones_and_then_the_past(prod):
    found = others(prod, "10.0.0.35", "10.0.0.39", owner_key=uid(421))

    assert [(format_address(row.address), row.pod, row.state) for row in found] == [
        ("10.0.0.39", "job-1", "held"),
        ("10.0.0.39", "job-2", "held"),
        ("10.0.0.35", "old-1", "ended"),
    ]
    assert found[2].valid_to == at("12:25:00")


def test_of_no_address_nothing_is_asked(prod, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert others(prod) == ()
