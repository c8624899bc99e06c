"""What changes make of pods: openings and endings, worked out by hand."""

from datetime import datetime
from typing import Any

import pytest

from ipamweb.addressing import records
from ipamweb.addressing.ranges import format_address, parse_address
from ipamweb.sync.changes import Bounds, Gone, Seen, SeenHow
from ipamweb.sync.plan import (
    KnownAllocation,
    KnownPod,
    PodChange,
    PodOutcome,
    PodPlan,
    plan_pods,
)
from tests.sync.world import at

BOUNDS = Bounds(at("12:00:00"), at("12:00:05"), at("12:00:05"))
FIVE, SIX = "10.0.0.5", "10.0.0.6"


def record(
    uid: str, *addresses: str, version: str = "20", name: str = "web", **facts: Any
) -> records.Pod:
    facts.setdefault("phase", "Running")
    return records.Pod(
        uid,
        "default",
        name,
        addresses=tuple(map(parse_address, addresses)),
        resource_version=version,
        **facts,
    )


def seen(
    uid: str, *addresses: str, sequence: int = 1, how: SeenHow = "watch", **facts: Any
) -> Seen[records.Pod]:
    return Seen(sequence, record(uid, *addresses, **facts), how)


def known(uid: str, *addresses: str, name: str = "web", **facts: Any) -> KnownPod:
    """A mirrored pod at version 10; its addresses are open since 11:00."""
    open_ = {
        parse_address(text): KnownAllocation(i, parse_address(text), at("11:00:00"))
        for i, text in enumerate(addresses, start=1)
    }
    facts = {"resource_version": "10", "phase": "Running"} | facts
    return KnownPod(1, uid, "default", name, open=open_, **facts)


def plan(*changes: PodChange, pods: tuple[KnownPod, ...] = (), **more: Any) -> PodPlan:
    return plan_pods(changes, known=pods, bounds=BOUNDS, **more)


def opened(outcome: PodOutcome) -> list[str]:
    return [format_address(each.address) for each in outcome.openings]


def closed(outcome: PodOutcome) -> list[tuple[str, str]]:
    return [
        (format_address(each.allocation.address), each.ending.how)
        for each in outcome.closings
    ]


def test_H6_all_addresses_of_a_pod_are_opened() -> None:
    found = plan(seen("a", FIVE, "fd00::5")).outcomes["a"]

    assert opened(found) == [FIVE, "fd00::5"]
    assert (found.openings[0].from_earliest, found.openings[0].valid_from) == (
        at("12:00:00"), at("12:00:05"),
    )  # fmt: skip


def test_H6_a_pod_on_the_host_network_opens_none() -> None:
    found = plan(seen("a", "192.0.2.1", host_network=True)).outcomes["a"]

    assert opened(found) == []
    assert found.record is not None


def test_what_is_known_is_not_opened_again() -> None:
    found = plan(seen("a", FIVE), pods=(known("a", FIVE),)).outcomes["a"]

    assert (opened(found), closed(found)) == ([], [])


def test_H2_an_address_that_passes_within_a_drain_has_both_owners() -> None:
    found = plan(
        Gone(1, "a", "watch"),
        seen("b", FIVE, sequence=2, name="next"),
        pods=(known("a", FIVE),),
    ).outcomes

    assert closed(found["a"]) == [(FIVE, "watch")]
    assert opened(found["b"]) == [FIVE]


def test_H1_a_new_uid_under_a_name_ends_the_old_one_first() -> None:
    found = plan(seen("b", FIVE), pods=(known("a", FIVE),)).outcomes

    assert closed(found["a"]) == [(FIVE, "replaced")]
    assert found["a"].gone_how == "replaced"
    assert opened(found["b"]) == [FIVE]


def test_H1_two_namesakes_within_a_drain_follow_one_another() -> None:
    found = plan(
        seen("a", FIVE, version="20"), seen("b", FIVE, version="21", sequence=2)
    ).outcomes

    [first] = found["a"].openings
    assert first.ending is not None
    assert (first.ending.how, first.ending.sequence) == ("replaced", 2)


def test_H1_a_late_event_of_the_old_one_does_not_end_the_new_one() -> None:
    found = plan(
        seen("b", FIVE, version="30"), seen("a", FIVE, version="29", sequence=2)
    )

    assert found.ignored == 1
    assert found.outcomes["b"].gone_how == ""
    assert not found.outcomes["a"].changed


def test_pods_of_one_name_in_two_namespaces_are_no_namesakes() -> None:
    other = Seen(1, records.Pod("b", "shop", "web", resource_version="20"), "watch")

    assert plan(other, pods=(known("a", FIVE),)).outcomes["b"].gone_how == ""


def test_O1_an_older_event_writes_nothing() -> None:
    found = plan(seen("a", SIX, version="9"), pods=(known("a", FIVE),))

    assert found.ignored == 1
    assert not found.outcomes["a"].changed


def test_O1_of_two_events_in_the_wrong_order_the_younger_counts() -> None:
    found = plan(
        seen("a", SIX, version="22"),
        seen("a", FIVE, version="21", sequence=2),
        pods=(known("a", FIVE),),
    ).outcomes["a"]

    assert (opened(found), closed(found)) == ([SIX], [(FIVE, "ip-change")])


def test_O1_an_event_that_was_told_twice_counts_once() -> None:
    event = seen("a", FIVE)
    found = plan(event, event)

    assert found.ignored == 1
    assert opened(found.outcomes["a"]) == [FIVE]


def test_O1_what_comes_after_its_own_deletion_is_ignored() -> None:
    found = plan(Gone(1, "a", "watch"), seen("a", FIVE, sequence=2))

    assert found.ignored == 1
    assert not found.outcomes["a"].changed


def test_O1_an_event_of_a_pod_that_was_deleted_does_not_bring_it_back() -> None:
    gone = known("a", gone_how="watch")

    assert plan(seen("a", FIVE, version="99"), pods=(gone,)).ignored == 1


def test_O4_a_list_that_shows_an_older_version_is_believed() -> None:
    found = plan(seen("a", SIX, version="9", how="list"), pods=(known("a", FIVE),))

    assert opened(found.outcomes["a"]) == [SIX]


def test_O4_a_list_brings_back_what_was_deleted() -> None:
    gone = known("a", gone_how="watch")
    found = plan(seen("a", FIVE, how="list"), pods=(gone,)).outcomes["a"]

    assert (found.came_back, opened(found)) == (True, [FIVE])


def test_H5_a_finished_pod_never_holds_again() -> None:
    """kubernetes#125370: the address goes, and comes back, in the final phase."""
    found = plan(
        seen("a", FIVE, version="20"),
        seen("a", version="21", sequence=2, phase="Succeeded"),
        seen("a", FIVE, version="22", sequence=3, phase="Succeeded"),
        seen("a", FIVE, version="23", sequence=4, phase="Running"),
    ).outcomes["a"]

    [only] = found.openings
    assert only.ending is not None
    assert (only.ending.how, only.ending.sequence) == ("terminal", 2)
    assert found.final_phase == "Succeeded"


def test_H5_a_pod_that_was_mirrored_as_finished_stays_finished() -> None:
    finished = known("a", phase="Failed")
    found = plan(seen("a", FIVE), pods=(finished,)).outcomes["a"]

    assert (opened(found), found.final_phase) == ([], "Failed")


@pytest.mark.parametrize(
    ("version", "held"), [("9", [FIVE]), ("10", []), ("11", []), ("x", [])]
)
def test_O4_a_list_with_an_older_version_of_a_finished_pod_shows_a_restored_past(
    version: str, held: list[str]
) -> None:
    """Mirrored at version 10."""
    finished = known("a", phase="Failed")
    listed = seen("a", FIVE, how="list", version=version)

    assert opened(plan(listed, pods=(finished,)).outcomes["a"]) == held


def test_O4_in_a_new_epoch_a_pod_may_not_have_finished_yet() -> None:
    finished = known("a", phase="Failed")
    found = plan(
        seen("a", FIVE, how="list"), pods=(finished,), versions_comparable=False
    ).outcomes["a"]

    assert (opened(found), found.final_phase) == ([FIVE], "")


def test_an_address_that_goes_and_comes_back_within_a_drain_is_two_intervals() -> None:
    found = plan(
        seen("a", FIVE, version="20"),
        seen("a", SIX, version="21", sequence=2),
        seen("a", FIVE, version="22", sequence=3),
    ).outcomes["a"]

    assert opened(found) == [FIVE, SIX, FIVE]
    assert [each.ending is None for each in found.openings] == [False, False, True]


def test_an_address_of_one_family_says_nothing_of_the_other() -> None:
    pods = (known("a", FIVE, "fd00::5"),)

    assert closed(plan(seen("a", SIX), pods=pods).outcomes["a"]) == [
        (FIVE, "ip-change")
    ]


def test_a_status_without_addresses_ends_nothing() -> None:
    assert closed(plan(seen("a"), pods=(known("a", FIVE),)).outcomes["a"]) == []


def test_a_pod_being_deleted_holds_on_and_is_marked() -> None:
    moment: datetime = at("12:00:35")
    found = plan(
        seen("a", FIVE, terminating_at=moment), pods=(known("a", FIVE),)
    ).outcomes["a"]

    assert (closed(found), found.terminating) == ([], [1])


def test_H9_absence_of_what_is_gone_already_ends_nothing() -> None:
    gone = known("a", gone_how="absence")

    assert not plan(Gone(0, "a", "absence"), pods=(gone,)).outcomes["a"].changed


def test_the_deletion_of_an_unknown_pod_is_nothing() -> None:
    assert not plan(Gone(1, "a", "watch")).outcomes["a"].changed


def test_a_pod_that_was_falsely_absent_begins_anew() -> None:
    gone = known("a", gone_how="absence")
    found = plan(seen("a", FIVE), pods=(gone,)).outcomes["a"]

    assert (found.came_back, opened(found)) == (True, [FIVE])


def test_a_pod_that_came_back_can_go_again() -> None:
    gone = known("a", gone_how="absence")
    found = plan(seen("a", FIVE), Gone(2, "a", "watch"), pods=(gone,)).outcomes["a"]

    assert found.gone_how == "watch"
    assert [each.ending is not None for each in found.openings] == [True]
