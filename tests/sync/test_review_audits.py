"""Audits and lists: what happened since the last poll, and who answered."""

import pytest

from ipamweb.mirror.models import Problem
from ipamweb.simulator import faults
from ipamweb.sync import detected, lease
from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db


def test_a_pod_that_lives_between_a_poll_and_an_audit_is_recorded_H8(
    world: World,
) -> None:
    world.poll()
    world.add(pod("short", "10.244.1.6"))
    world.remove("short")
    result = world.poll(complete=True)

    [past] = world.past("10.244.1.6")
    assert (past.from_earliest, past.to_latest) == (at("12:00:05"), at("12:00:10"))
    assert (past.opened_by, past.closed_by) == ("watch", "watch")
    assert (result.kind, world.gaps, world.faults_found) == ("complete", [], [])


def test_each_address_between_a_poll_and_an_audit_is_recorded_H2(
    world: World,
) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()
    world.give("web", "10.244.1.6")
    world.give("web", "10.244.1.7")
    world.poll(complete=True)

    assert world.held == {"10.244.1.7": "web"}
    assert len(world.past("10.244.1.6")) == len(world.past("10.244.1.5")) == 1


def test_an_audit_in_namespaces_records_what_came_and_went_H8(world: World) -> None:
    world.edit(namespaces=["default", "team"])
    world.poll()
    world.add(pod("short", "10.244.1.6", namespace="team"))
    world.store.delete("pods", "short", namespace="team")
    world.poll(complete=True)

    assert len(world.past("10.244.1.6")) == 1


def test_an_audit_whose_stream_is_lost_says_so_by_a_gap_H8(world: World) -> None:
    world.poll()
    world.add(pod("short", "10.244.1.6"))
    world.remove("short")
    world.store.compact()
    world.poll(complete=True)

    [gap] = world.gaps
    assert (gap.reason, gap.started_at, gap.ended_at, gap.recovered_by) == (
        "expired", at("12:00:05"), at("12:00:10"), "list",
    )  # fmt: skip


def test_an_audit_closes_by_the_deletion_that_was_seen_R1(world: World) -> None:
    world.add(pod("seen", "10.244.1.5"), pod("lost", "10.244.1.6"))
    world.poll()
    world.remove("seen")
    world.remove("lost", announced=False)
    world.poll(complete=True)

    assert world.past("10.244.1.5")[0].closed_by == "watch"
    assert world.past("10.244.1.6")[0].closed_by == "absence"


def test_another_cluster_that_takes_over_during_a_list_closes_nothing_R8(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()
    detect = detected.detect

    def detect_and_swap(*args: object) -> object:
        found = detect(*args)  # type: ignore[arg-type]
        world.remove("web", announced=False)
        world.simulator.swap_identity("another")
        return found

    monkeypatch.setattr(detected, "detect", detect_and_swap)
    result = world.poll(complete=True)

    assert "another cluster answers" in result.error
    assert world.held == {"10.244.1.5": "web"}


def test_a_second_source_that_may_not_be_read_calls_for_no_list_L2(
    cilium_world: World,
) -> None:
    cilium_world.faults.add(faults.forbidden(), kind="ciliumendpoints")
    first, second = cilium_world.poll(), cilium_world.poll()

    assert (first.outcome, second.outcome) == ("ok", "ok")
    assert (first.kind, second.kind) == ("complete", "changes")
    problem = Problem.objects.get(resolved_at=None)
    assert (problem.kind, problem.field) == ("Cluster", "ciliumendpoints")


def test_a_second_source_that_may_be_read_again_is(cilium_world: World) -> None:
    cilium_world.faults.add(faults.forbidden(), kind="ciliumendpoints")
    cilium_world.poll()
    cilium_world.faults.clear()
    cilium_world.poll(complete=True)

    assert Problem.objects.filter(resolved_at=None).count() == 0
    assert cilium_world.cluster.cursors.filter(kind="ciliumendpoints").exists()


def test_a_cluster_that_answers_slowly_keeps_its_lease_L1(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = detected.Patient.ask

    def ask_slowly(patient: detected.Patient, question: object) -> bytes:
        answer = ask(patient, question)  # type: ignore[arg-type]
        world.clock.advance(0.4 * lease.LEASE_SECONDS)
        return answer

    monkeypatch.setattr(detected.Patient, "ask", ask_slowly)

    assert world.poll().outcome == "ok"
