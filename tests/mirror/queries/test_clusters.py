from datetime import timedelta

import pytest

from ipamweb.mirror.models import Cluster, CoverageGap
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.queries.clusters import ClusterRow, Fact, HeldRelease, stale_after
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at
from tests.mirror.queries.conftest import named


def test_clusters_are_listed_by_slug_with_their_counters(people: cast.Cast) -> None:
    lab, prod = clusters.every(scope=EVERYTHING, now=cast.NOW)

    assert (lab.slug, lab.nodes, lab.pools, lab.gaps) == ("lab", 0, 0, 0)
    assert (prod.slug, prod.nodes, prod.pods, prod.allocations) == (
        "prod-eu",
        3,
        21,
        45,
    )
    assert (prod.pools, prod.gaps, prod.systems) == (2, 1, ("cilium",))


def test_there_is_no_cluster_of_another_slug(people: cast.Cast) -> None:
    assert clusters.one("prod", scope=EVERYTHING, now=cast.NOW) is None


@pytest.mark.parametrize(("seconds", "stale"), [(30, False), (31, True)])
def test_L3_a_cluster_is_stale_when_its_age_passes_thirty_seconds(
    people: cast.Cast, seconds: int, stale: bool
) -> None:
    now = cast.AS_OF + timedelta(seconds=seconds)

    found = clusters.one("prod-eu", scope=EVERYTHING, now=now)

    assert found is not None
    assert found.freshness.stale is stale


def test_L3_with_a_long_poll_interval_three_of_them_make_it_stale(
    settings: pytest.FixtureRequest,
) -> None:
    settings.IPAMWEB_POLL_SECONDS = 60  # type: ignore[attr-defined]

    assert stale_after() == timedelta(seconds=180)


def test_L3_a_cluster_that_was_never_read_is_stale(people: cast.Cast) -> None:
    fresh = named("lab").freshness

    assert (fresh.stale, fresh.as_of, fresh.last_error_kind) == (
        True, None, "unreachable",
    )  # fmt: skip


def test_an_open_gap_is_told(people: cast.Cast) -> None:
    CoverageGap.objects.create(
        cluster=people.prod, started_at=at("13:59:00"), reason="not-allowed"
    )

    fresh = named("prod-eu").freshness

    assert (fresh.gap_since, fresh.gap_reason) == (at("13:59:00"), "not-allowed")


def test_an_ended_gap_is_no_open_one(prod: ClusterRow) -> None:
    assert (prod.freshness.gap_since, prod.freshness.gap_reason) == (None, "")


def test_a_held_release_is_told(people: cast.Cast) -> None:
    Cluster.objects.filter(slug="lab").update(
        held_release_at=at("13:00:00"), held_release_count=120, held_release_of=300
    )

    assert named("lab").held_release == HeldRelease(at("13:00:00"), 120, 300)


def test_facts_tell_where_they_were_read(prod: ClusterRow) -> None:
    assert clusters.facts(prod, scope=EVERYTHING) == (
        Fact("IPAM mode", "cluster-pool", "ConfigMap kube-system/cilium-config ipam"),
    )


def test_a_cluster_never_read_has_no_facts(people: cast.Cast) -> None:
    assert clusters.facts(named("lab"), scope=EVERYTHING) == ()
