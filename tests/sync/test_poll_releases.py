"""No false release: what is no proof closes nothing (R1 to R4, R6 to R9)."""

from collections.abc import Callable

import pytest

from ipamweb.mirror.models import Allocation, Problem
from ipamweb.simulator import faults
from ipamweb.simulator.faults import Effect
from ipamweb.sync import acts
from tests.sync.world import World, node, pod

pytestmark = pytest.mark.django_db

REFUSALS: dict[str, Effect] = {
    "401": faults.unauthorized(),
    "403": faults.forbidden(),
    "404": faults.not_served(),
    "406": faults.unacceptable(),
    "410": faults.expired(),
    "429-header": faults.throttled(2),
    "429-details": faults.throttled(2, form="details"),
    "500": faults.server_error(500),
    "502": faults.server_error(502),
    "503": faults.server_error(503),
    "504": faults.server_error(504),
    "wrong-kind": faults.wrong_kind(),
    "not-json": faults.not_json(),
    "reset": faults.reset(),
}
CUTS: dict[str, Effect] = {
    "cut": faults.cut(),
    "clean-cut": faults.clean_cut(),
    "gzip-cut": faults.gzip_cut(),
    "without-length": faults.without_length(),
}


@pytest.fixture
def five_pods(world: World) -> World:
    """default/a to e, mirrored, in pages of two; then e is deleted and f made."""
    world.reach(page_size=2)
    for number, name in enumerate("abcde", start=1):
        world.add(pod(name, f"10.244.1.{number}"))
    world.poll()
    world.remove("e")
    world.add(pod("f", "10.244.1.6"))
    return world


FIVE = {f"10.244.1.{number}": name for number, name in enumerate("abcde", start=1)}


def assert_nothing_was_concluded(world: World) -> None:
    """Nothing closed, nothing of the cut list opened, and the blindness is shown."""
    assert world.held == FIVE
    assert world.past() == []
    [gap] = world.gaps
    assert (gap.ended_at, gap.reason) == (None, world.cluster.last_error_kind)


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("effect", CUTS.values(), ids=CUTS)
def test_R1_R4_a_page_that_is_cut_anywhere_closes_nothing(
    five_pods: World, effect: Effect, page: int
) -> None:
    five_pods.faults.add(effect, kind="pods", verb="list", page=page)
    result = five_pods.poll(complete=True)

    assert result.outcome == "failed"
    assert_nothing_was_concluded(five_pods)


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("effect", REFUSALS.values(), ids=REFUSALS)
def test_R2_a_refusal_at_any_page_closes_nothing(
    five_pods: World, effect: Effect, page: int
) -> None:
    five_pods.faults.add(effect, kind="pods", verb="list", page=page)
    result = five_pods.poll(complete=True)

    assert (result.outcome, result.gaps) == ("failed", 1)
    assert_nothing_was_concluded(five_pods)


@pytest.mark.parametrize(
    "effect",
    [effect for name, effect in REFUSALS.items() if name != "410"],
    ids=[name for name in REFUSALS if name != "410"],
)
def test_R2_a_refusal_of_a_watch_closes_nothing(
    five_pods: World, effect: Effect
) -> None:
    five_pods.faults.add(effect, kind="pods", verb="watch")
    result = five_pods.poll()

    assert result.outcome == "failed"
    assert_nothing_was_concluded(five_pods)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://cluster.invalid:6443"])
def test_R2_a_cluster_out_of_reach_closes_nothing(five_pods: World, url: str) -> None:
    five_pods.edit(kubeconfig="", api_url=url)
    five_pods.poll()

    assert five_pods.cluster.last_error_kind == "unreachable"
    assert_nothing_was_concluded(five_pods)


def test_R2_a_server_that_never_answers_closes_nothing(five_pods: World) -> None:
    five_pods.reach(timeout_seconds=0.4, idle_seconds=0.2)
    five_pods.faults.add(faults.black_hole(), kind="pods", verb="list")
    five_pods.poll(complete=True)

    assert five_pods.cluster.last_error_kind == "unreachable"
    assert_nothing_was_concluded(five_pods)


def test_R2_what_was_missed_is_closed_when_the_list_is_whole_again(
    five_pods: World,
) -> None:
    fault = five_pods.faults.add(faults.forbidden(), kind="pods")
    five_pods.poll(complete=True)
    five_pods.faults.remove(fault)
    five_pods.poll(complete=True)

    assert sorted(five_pods.held.values()) == ["a", "b", "c", "d", "f"]
    assert five_pods.gaps[0].ended_at is not None


@pytest.mark.parametrize("page", [2, 3])
def test_R3_the_token_of_a_410_is_not_used_and_its_pages_are_dropped(
    five_pods: World, page: int
) -> None:
    five_pods.faults.add(faults.expired(), kind="pods", verb="list", page=page)
    five_pods.simulator.forget_requests()
    five_pods.poll(complete=True)

    assert [each for each in five_pods.simulator.requests if each.inconsistent] == []
    assert_nothing_was_concluded(five_pods)


def test_R6_a_group_that_is_not_served_is_not_empty(cilium_world: World) -> None:
    cilium_world.add(pod("web", "10.0.2.5", node="w1"))
    cilium_world.poll()
    open_before = Allocation.objects.count()
    cilium_world.simulator.drop_group("cilium.io")
    drained = cilium_world.poll()
    listed = cilium_world.poll(complete=True)

    assert (drained.outcome, listed.outcome) == ("failed", "failed")
    assert Allocation.objects.count() == open_before
    assert cilium_world.past() == []
    assert cilium_world.block("w1").valid_to is None


def test_R6_a_group_that_is_served_again_goes_on(cilium_world: World) -> None:
    cilium_world.poll()
    cilium_world.simulator.drop_group("cilium.io")
    cilium_world.poll()
    cilium_world.simulator.restore_group("cilium.io")
    result = cilium_world.poll()

    assert result.outcome == "ok"
    assert cilium_world.past() == []
    assert cilium_world.block("w1").valid_to is None


@pytest.fixture
def two_namespaces(world: World) -> World:
    world.add({"metadata": {"name": "shop"}}, kind="namespaces")
    world.add(pod("a", "10.244.1.1"), pod("b", "10.244.1.2", namespace="shop"))
    world.poll()
    return world


def test_R7_a_narrower_scope_closes_nothing(two_namespaces: World) -> None:
    two_namespaces.edit(namespaces=["default"])
    acts.edited(two_namespaces.cluster)
    result = two_namespaces.poll()

    assert (result.kind, result.outcome) == ("complete", "ok")
    assert two_namespaces.held == {"10.244.1.1": "a", "10.244.1.2": "b"}


def test_R7_absence_counts_inside_the_scope_only(two_namespaces: World) -> None:
    two_namespaces.edit(namespaces=["default"])
    two_namespaces.store.delete("pods", "a", namespace="default")
    two_namespaces.store.delete("pods", "b", namespace="shop")
    two_namespaces.poll()

    assert two_namespaces.held == {"10.244.1.2": "b"}


def test_R7_a_wider_scope_takes_up_what_it_finds(two_namespaces: World) -> None:
    two_namespaces.edit(namespaces=["default"])
    two_namespaces.poll()
    two_namespaces.store.delete("pods", "b", namespace="shop")
    two_namespaces.edit(namespaces=[])
    two_namespaces.poll()

    assert two_namespaces.held == {"10.244.1.1": "a"}


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
def test_R8_another_cluster_behind_the_address_changes_nothing(
    five_pods: World, complete: bool
) -> None:
    five_pods.simulator.swap_identity("another-cluster")
    result = five_pods.poll(complete=complete)

    assert "another cluster answers" in result.error
    assert five_pods.cluster.last_error_kind == "identity"
    assert_nothing_was_concluded(five_pods)


def test_R8_mirroring_goes_on_when_the_cluster_is_the_right_one_again(
    five_pods: World,
) -> None:
    identity = five_pods.cluster.identity
    five_pods.simulator.swap_identity("another-cluster")
    five_pods.poll()
    five_pods.simulator.swap_identity(identity)
    five_pods.poll()

    assert sorted(five_pods.held.values()) == ["a", "b", "c", "d", "f"]


BROKEN_PODS: dict[str, Callable[[bytes], bytes]] = {
    "spec-is-a-number": lambda body: body.replace(b'"spec":{', b'"spec":5,"old":{', 1),
    "address-is-none": lambda body: body.replace(b"10.244.1.1", b"10.244.1.x"),
    "name-is-a-list": lambda body: body.replace(b'"name":"a"', b'"name":["a"]'),
    "phase-has-a-nul": lambda body: body.replace(b"Running", b"Run\\u0000ning"),
    "phase-is-too-long": lambda body: body.replace(b"Running", b"R" * 500),
    "node-is-too-long": lambda body: body.replace(b"worker-a", b"w" * 5000),
    "time-is-out-of-range": lambda body: body.replace(
        b'"creationTimestamp":"2026-11-22T12:00:00Z"',
        b'"creationTimestamp":"0001-01-01T00:00:00+14:00"',
    ),
}  # fmt: skip


def break_object(world: World, change: Callable[[bytes], bytes], kind: str) -> None:
    name = {"pods": "a", "nodes": "worker-a"}[kind]
    namespace = "default" if kind == "pods" else ""
    world.spoil(world.store.stored(kind, name, namespace=namespace), change)


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
@pytest.mark.parametrize("change", BROKEN_PODS.values(), ids=BROKEN_PODS)
def test_R9_a_pod_that_cannot_be_read_stays_open_and_the_rest_goes_on(
    five_pods: World, change: Callable[[bytes], bytes], complete: bool
) -> None:
    break_object(five_pods, change, "pods")
    result = five_pods.poll(complete=complete)

    assert (result.outcome, result.problems) == ("ok", 1)
    assert sorted(five_pods.held.values()) == ["a", "b", "c", "d", "f"]
    assert Problem.objects.get().object_uid == five_pods.uid("a")
    assert five_pods.faults_found == []


def test_R9_a_problem_is_over_when_the_object_reads_well(five_pods: World) -> None:
    break_object(five_pods, BROKEN_PODS["spec-is-a-number"], "pods")
    five_pods.poll()
    five_pods.store.replace("pods", pod("a", "10.244.1.1"))
    five_pods.poll()

    assert Problem.objects.get().resolved_at is not None


def lose_its_uid(world: World) -> None:
    uid = b'"%s"' % world.uid("a").encode()
    break_object(world, lambda body: body.replace(uid, b"7"), "pods")


def test_R9_an_object_without_a_readable_uid_forbids_closings_of_its_kind(
    five_pods: World,
) -> None:
    lose_its_uid(five_pods)
    five_pods.remove("d", announced=False)
    five_pods.poll(complete=True)

    # Of e the stream tells that it was deleted.
    assert sorted(five_pods.held.values()) == ["a", "b", "c", "d", "f"]


def test_R9_an_event_without_a_readable_uid_calls_for_a_list(five_pods: World) -> None:
    lose_its_uid(five_pods)
    drained = five_pods.poll()
    five_pods.store.replace("pods", pod("b", "10.244.1.2"))
    listed = five_pods.poll()

    assert (drained.kind, listed.kind) == ("changes", "complete")
    assert "10.244.1.1" in five_pods.held


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
def test_R9_a_node_with_a_cidr_that_is_none_keeps_its_block(
    five_pods: World, complete: bool
) -> None:
    block = five_pods.block("worker-a")
    break_object(
        five_pods,
        lambda body: body.replace(b"10.244.1.0/24", b"10.244.1.0/99"),
        "nodes",
    )
    five_pods.poll(complete=complete)

    assert five_pods.block("worker-a") == block
    assert five_pods.faults_found == []


def test_R9_a_node_that_is_nonsense_keeps_its_block(five_pods: World) -> None:
    block = five_pods.block("worker-a")
    break_object(
        five_pods, lambda body: body.replace(b'"spec":{', b'"spec":5,"old":{'), "nodes"
    )
    five_pods.add(node("worker-c", "10.244.3.0/24"), kind="nodes")
    five_pods.poll()

    assert five_pods.block("worker-a") == block
    assert five_pods.block("worker-c").valid_to is None
