"""Looks at the mirror one after the other, and what is written."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from ipamweb.findings import check
from ipamweb.findings.models import Check, Finding
from ipamweb.mirror.models import Allocation, Cluster, CoverageGap, Cursor, Pod
from tests.cast_places import at
from tests.findings import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubled() -> Pod:
    """A cluster with one address on two pods."""
    world.insert()
    return world.pod(90, 2, "10.0.2.20")


def look_at(clock: str, *, seen: bool = True) -> int:
    """Look at an instant; the cluster was read then, or an hour before."""
    now = at(clock)
    as_of = now if seen else now - timedelta(hours=1)
    Cluster.objects.update(as_of=as_of, configuration_as_of=as_of)
    return check.run(now=now)


def states() -> list[tuple[str, str]]:
    return list(Finding.objects.order_by("id").values_list("rule", "state"))


def give_up(pod: Pod) -> None:
    Allocation.objects.filter(pod=pod).delete()


def test_a_fault_is_suspected_then_confirmed_then_resolved(doubled: Pod):
    look_at("14:00:00")
    assert states() == [("F07", "suspected")]
    look_at("14:01:00")
    assert states() == [("F07", "suspected")]
    look_at("14:02:00")
    assert states() == [("F07", "confirmed")]
    give_up(doubled)
    Pod.objects.filter(pk=90).update(host_network=True)
    look_at("14:03:00")
    look_at("14:04:00")

    finding = Finding.objects.get(rule="F07")
    assert (finding.state, finding.resolved_at) == ("resolved", at("14:03:00"))
    assert finding.last_seen == at("14:02:00")
    assert finding.turned_at == at("14:04:00")


def test_a_fault_that_is_gone_at_the_second_look_leaves_nothing(doubled: Pod):
    look_at("14:00:00")
    give_up(doubled)
    Pod.objects.filter(pk=90).update(gone_at=at("14:00:30"))
    world.Endpoint.objects.filter(pod_uid=doubled.uid).delete()

    look_at("14:03:00")

    assert states() == []


def stale() -> None:
    look_at("14:10:00", seen=False)


def in_a_gap() -> None:
    CoverageGap.objects.get_or_create(
        cluster_id=1, started_at=at("14:01:00"), reason="unreachable"
    )
    look_at("14:10:00")


def with_a_release_held_back() -> None:
    Cluster.objects.update(held_release_at=at("14:01:00"))
    look_at("14:10:00")


def paused() -> None:
    Cluster.objects.update(paused=True)
    look_at("14:10:00")


BLIND = [stale, in_a_gap, with_a_release_held_back, paused]


@pytest.mark.parametrize("blind", BLIND)
def test_a_cluster_that_is_not_seen_confirms_nothing(
    doubled: Pod, blind: Callable[[], None]
):
    look_at("14:00:00")

    blind()

    assert states() == [("F07", "suspected")]


@pytest.mark.parametrize("blind", BLIND)
def test_a_cluster_that_is_not_seen_resolves_nothing(
    doubled: Pod, blind: Callable[[], None]
):
    look_at("14:00:00")
    look_at("14:02:00")
    give_up(doubled)

    blind()
    blind()

    assert ("F07", "confirmed") in states()
    assert Finding.objects.get(rule="F07").missed_at is None


def test_a_fault_that_comes_back_is_another_finding(doubled: Pod):
    for clock in ("14:00:00", "14:02:00"):
        look_at(clock)
    Allocation.objects.filter(pod=doubled).update(terminating_at=at("14:02:30"))
    for clock in ("14:03:00", "14:04:00"):
        look_at(clock)
    Allocation.objects.filter(pod=doubled).update(terminating_at=None)
    look_at("14:05:00")

    rows = [each for each in states() if each[0] == "F07"]
    assert rows == [("F07", "resolved"), ("F07", "suspected")]


def test_endpoints_that_are_not_read_any_more_say_nothing():
    world.insert()
    world.pod(90, 1, "10.0.1.90", endpoint="10.0.1.91")
    cluster = Cluster.objects.get()
    cursor = Cursor.objects.create(
        cluster=cluster, kind="ciliumendpoints", as_of=at("13:00:00")
    )

    look_at("14:00:00")
    assert states() == []

    cursor.as_of = at("14:01:00")
    cursor.save()
    look_at("14:01:00")
    assert states() == [("F25", "suspected")]


def test_without_a_fresh_configuration_its_rules_say_nothing_new_or_over():
    world.insert()
    world.node(4)
    outside = world.block(4, "10.77.0.0/24")
    look_at("14:00:00")
    look_at("14:02:00")
    assert states() == [("F04", "confirmed")]
    outside.delete()
    world.block(4, "10.78.0.0/24")

    for clock in ("14:08:00", "14:09:00"):
        Cluster.objects.update(as_of=at(clock))
        check.run(now=at(clock))

    assert states() == [("F04", "confirmed")]
    assert set(Check.objects.get().untold) == {
        "F04", "F05", "F13", "F18", "F19", "F20", "C01", "C02", "C03",
    }  # fmt: skip


def test_both_sides_are_kept_with_their_times(doubled: Pod):
    look_at("14:00:00")

    finding = Finding.objects.get()

    assert finding.message == "10.0.2.20 is held by 2 pods."
    assert [(each["name"], each["since"]) for each in finding.evidence] == [
        ("shop/pod-20", "2026-11-22T13:00:00+00:00"),
        ("shop/pod-90", "2026-11-22T13:00:00+00:00"),
    ]


def test_a_look_says_what_was_looked_at():
    world.insert()

    look_at("14:00:00")

    done = Check.objects.get()
    assert (done.looked_at, done.as_of) == (at("14:00:00"), at("14:00:00"))
    assert (done.rules, done.addresses) == (20, 15)


def test_a_look_that_changes_nothing_changes_no_revision(doubled: Pod):
    look_at("14:00:00")
    before = Check.objects.get().revision

    look_at("14:01:00")

    assert Check.objects.get().revision == before
    assert Finding.objects.get().looks == 2


def test_of_a_rule_with_too_many_findings_none_is_resolved(
    doubled: Pod, monkeypatch: pytest.MonkeyPatch
):
    look_at("14:00:00")
    look_at("14:02:00")
    Finding.objects.create(
        cluster_id=1, rule="F07", key="x", severity=0, state="confirmed",
        first_seen=at("13:00:00"), last_seen=at("14:02:00"), message="x",
    )  # fmt: skip
    world.pod(91, 3, "10.0.3.20", endpoint=None)
    monkeypatch.setattr(check, "MOST_OF_A_RULE", 1)

    look_at("14:03:00")
    look_at("14:04:00")

    assert Check.objects.get().cut == ["F07"]
    assert Finding.objects.get(key="x").state == "confirmed"


def test_an_acknowledgement_ends_when_its_time_has_come(doubled: Pod):
    look_at("14:00:00")
    look_at("14:02:00")
    Finding.objects.update(acknowledged_until=at("14:30:00"))

    look_at("14:30:00", seen=False)

    assert Finding.objects.get().acknowledged_until is None


def test_what_was_resolved_long_ago_is_forgotten(doubled: Pod, settings):
    settings.IPAMWEB_RETENTION_DAYS = 30
    look_at("14:00:00")
    Finding.objects.update(state="resolved", resolved_at=at("14:01:00"))

    assert check.forget_resolved(now=at("14:00:00") + timedelta(days=29)) == 0
    assert check.forget_resolved(now=at("14:02:00") + timedelta(days=30)) == 1


@pytest.mark.parametrize("pods", [0, 30])
def test_a_look_takes_as_many_queries_whatever_there_is(
    pods: int, django_assert_max_num_queries
):
    world.insert()
    for number in range(pods):
        world.pod(1000 + number, 1, f"10.0.1.{100 + number}")
    look_at("14:00:00")

    with django_assert_max_num_queries(32):
        look_at("14:01:00")


def test_a_setting_longer_than_a_key_is_told_by_its_digest():
    world.insert()
    world.plain_kubernetes()
    many = ",".join(f"10.{number}.0.0/16" for number in range(1, 60))
    world.configure(
        ("cluster-cidr", "10.0.0.0/16", world.MANAGER),
        ("networking.podSubnet", many, world.KUBEADM),
    )

    look_at("14:00:00")

    finding = Finding.objects.get(rule="F19")
    assert len(finding.key) == 32


def test_who_has_an_ipv6_address_is_asked_of_all_addresses_of_pods():
    world.insert()
    world.second_family()
    world.pod(90, 2, "10.0.2.90 fd00::2:20")

    look_at("14:00:00")

    [command] = Finding.objects.filter(rule="F07").values_list("command", flat=True)
    assert "status.podIPs[*].ip" in command
    assert command.endswith("| grep -wF fd00::2:20")
