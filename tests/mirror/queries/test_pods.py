import pytest

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.models import Pod
from ipamweb.mirror.queries import pods
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.pods import PodDetail, PodFilter
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import at, uid
from tests.mirror.queries.conftest import SHOP_ONLY


def newest(prod: ClusterRow, path: str, scope: Scope = EVERYTHING) -> PodDetail | None:
    namespace, _, name = path.partition("/")
    return pods.newest(name, namespace=namespace, cluster=prod, scope=scope)


def there(prod: ClusterRow, path: str) -> PodDetail:
    found = newest(prod, path)
    assert found is not None
    return found


def texts(addresses: tuple[int, ...]) -> list[str]:
    return [format_address(each) for each in addresses]


def test_a_pod_holds_an_address_of_each_family(prod: ClusterRow) -> None:
    pod = there(prod, "default/web-01").pod

    assert texts(pod.addresses) == ["10.0.0.19", "fd00::13"]
    assert (pod.workload_kind, pod.workload_name) == ("Deployment", "web")


@pytest.mark.parametrize(
    ("path", "reported"),
    [
        ("kube-system/proxy-a", ["192.0.2.11"]),
        ("shop/wait-0", []),
        ("batch/done-1", ["10.0.0.40"]),
    ],
)
def test_H6_a_pod_on_the_host_network_pending_or_finished_holds_none(
    prod: ClusterRow, path: str, reported: list[str]
) -> None:
    detail = there(prod, path)

    assert (detail.pod.addresses, detail.allocations) == ((), ())
    assert texts(detail.pod.reported) == reported


def test_a_pod_shows_what_the_cni_records_of_it(prod: ClusterRow) -> None:
    (endpoint,) = there(prod, "default/web-01").endpoints

    assert (endpoint.state, texts(endpoint.addresses)) == (
        "ready", ["10.0.0.19", "fd00::13"],
    )  # fmt: skip


def test_a_pod_that_is_gone_keeps_what_it_held(prod: ClusterRow) -> None:
    detail = there(prod, "batch/old-1")

    assert (detail.pod.gone_at, detail.allocations) == (at("12:25:00"), ())
    (held,) = detail.history
    assert (format_address(held.address), held.state) == ("10.0.0.35", "ended")


def test_of_pods_of_one_name_the_present_one_is_the_newest(
    people: cast.Cast, prod: ClusterRow
) -> None:
    cast.pod(470, "shop/cart-0", gone_at=at("12:28:00"), gone_by=at("12:28:05"))

    assert there(prod, "shop/cart-0").pod.uid == uid(421)


def test_of_past_pods_of_one_name_the_last_is_the_newest(
    people: cast.Cast, prod: ClusterRow
) -> None:
    cast.pod(471, "batch/old-1", gone_at=at("12:40:00"), gone_by=at("12:40:05"))

    assert there(prod, "batch/old-1").pod.uid == uid(471)


def test_a_pod_is_found_by_its_uid_gone_or_not(prod: ClusterRow) -> None:
    found = pods.one(uid(451), cluster=prod, scope=EVERYTHING)

    assert found is not None
    assert found.pod.name == "old-1"


def test_a_pod_outside_the_scope_is_not_there(prod: ClusterRow) -> None:
    assert newest(prod, "default/web-01", SHOP_ONLY) is None
    assert pods.one(uid(401), cluster=prod, scope=SHOP_ONLY) is None


def test_only_pods_inside_the_scope_are_listed(prod: ClusterRow) -> None:
    found = pods.listed(prod, scope=SHOP_ONLY)

    assert [pod.name for pod in found.rows] == [
        "cart-0", "cart-1", "cart-2", "pay-1", "wait-0",
    ]  # fmt: skip


def test_a_pod_of_a_namespace_never_seen_is_shown_to_nobody_confined(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Pod.objects.filter(pk=401).update(namespace_uid="")
    confined = Scope(namespaces=frozenset({(1, uid(101)), (1, "")}))

    assert newest(prod, "default/web-01", Scope()) is None
    assert newest(prod, "default/web-02", confined) is not None


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (PodFilter(namespace="batch"), ["done-1", "job-1", "job-2"]),
        (PodFilter(phase="Pending"), ["wait-0"]),
        (PodFilter(node="worker-b", q="CART"), ["cart-0", "cart-1", "cart-2"]),
        (PodFilter(host_network=True), ["proxy-a"]),
        (PodFilter(host_network=False, phase="Succeeded"), ["done-1"]),
        (PodFilter(workload_kind="DaemonSet"), ["proxy-a"]),
        (PodFilter(workload_name="proxy"), ["proxy-a"]),
        (PodFilter(q="old"), []),
    ],
)
def test_pods_are_filtered_and_the_gone_left_out(
    prod: ClusterRow, wanted: PodFilter, names: list[str]
) -> None:
    found = pods.listed(prod, scope=EVERYTHING, wanted=wanted)

    assert [pod.name for pod in found.rows] == names
