"""What is sampled, and that it is written only where a value changed."""

import pytest

from ipamweb.mirror.models import Cluster, CoverageGap, Namespace, Node, Pool
from ipamweb.usage.models import Sampling, UsageSample, UsageSeries
from tests import cast
from tests.cast import at
from tests.usage.conftest import of, take_at

pytestmark = pytest.mark.usefixtures("everybody")


def numbers(sample: UsageSample) -> tuple[object, ...]:
    return (
        sample.allocated, sample.capacity, sample.slots_used, sample.slots_total
    )  # fmt: skip


def course(scope: str, subject: int) -> list[tuple[object, object]]:
    """Return (time of the day, held) of each sample in IPv4."""
    return [(f"{each.at:%H:%M}", each.allocated) for each in of(scope, subject)]


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        # 256 blocks of 14; the slots of worker-a, b and c: 13 + 6 + 0 of 13 + 13 + 14.
        (("pool", 1, 4), (21, "3584", 19, 40)),
        (("pool", 2, 6), (20, "3584", 19, 40)),
        (("node", 2, 4), (7, "14", 6, 13)),
        (("node", 2, 6), (6, "14", 6, 13)),
        (("node", 3, 4), (0, "14", 0, 14)),
        (("namespace", 3, 4), (2, None, None, None)),
        (("namespace", 3, 6), (0, None, None, None)),
    ],
    ids=lambda value: "-".join(map(str, value)),
)
def test_every_pool_node_and_namespace_is_sampled(thing, expected):
    take_at("14:00:05")

    (sample,) = of(*thing)
    assert (sample.at, numbers(sample)) == (at("14:00:00"), expected)


def test_one_sample_of_each_is_taken_in_a_step():
    # 2 pools; 3 nodes and 4 namespaces in two families.
    assert [take_at(clock) for clock in ("14:00:05", "14:04:59")] == [16, 0]


def test_a_sample_is_written_only_where_a_value_changed():
    take_at("14:00:05")
    Node.objects.filter(pk=2).update(allocated_v4=8)

    assert take_at("14:05:00") == 1
    assert course("node", 2) == [("14:00", 7), ("14:05", 8)]
    assert course("node", 3) == [("14:00", 0)]


def test_a_cluster_never_read_has_no_sample():
    take_at("14:00:05")

    assert not UsageSeries.objects.filter(cluster__slug="lab").exists()


def test_nothing_is_opened_or_closed_before_the_first_sample():
    take_at("14:00:05")

    assert {(each.opened, each.closed) for each in UsageSample.objects.all()} == {
        (0, 0)
    }


def test_what_came_and_went_is_counted_where_it_was():
    take_at("14:00:05")
    owner = cast.pod(601, "shop/short-1")
    cast.past(
        601,
        "10.0.0.41",
        ["14:01:00", "14:01:00", "14:02:00", "14:02:00"],
        owner=owner,
        opened_generation=8,
        closed_generation=9,
    )
    cast.hold(cast.pod(602, "shop/long-1", addresses="10.0.0.42"), 602, **GENERATION_9)
    Cluster.objects.filter(pk=1).update(generation=9)
    take_at("14:05:00")

    for thing in (("pool", 1), ("node", 2), ("namespace", 2)):
        last = of(*thing)[-1]
        assert (last.opened, last.closed) == (2, 1)
    assert len(of("node", 1)) == 1


GENERATION_9 = {"opened_generation": 9, "changed_generation": 9}


def test_what_was_opened_before_the_last_sample_is_only_closed():
    take_at("14:00:05")
    owner = cast.pod(601, "shop/short-1")
    cast.past(
        601,
        "10.0.0.41",
        ["13:01:00", "13:01:00", "14:02:00", "14:02:00"],
        owner=owner,
        opened_generation=7,
        closed_generation=8,
    )
    Cluster.objects.filter(pk=1).update(generation=8)
    take_at("14:05:00")

    last = of("pool", 1)[-1]
    assert (last.opened, last.closed) == (0, 1)


def test_while_the_cluster_is_not_seen_there_is_a_gap_and_no_number():
    take_at("14:00:05")
    take_at("14:05:05", seen=False)

    last = of("pool", 1)[-1]
    assert (last.at, last.gap, numbers(last)) == (
        at("14:05:00"), True, (None, None, None, None)
    )  # fmt: skip


def test_a_gap_is_written_once():
    take_at("14:00:05")

    assert [take_at(clock, seen=False) for clock in ("14:05:05", "14:10:05")] == [16, 0]


def test_after_a_gap_everything_is_written_though_nothing_changed():
    take_at("14:00:05")
    take_at("14:05:05", seen=False)

    assert take_at("14:10:05") == 16
    assert course("pool", 1) == [("14:00", 21), ("14:05", None), ("14:10", 21)]


def test_a_gap_that_nobody_sampled_is_found_in_the_mirror():
    take_at("14:00:05")
    CoverageGap.objects.create(
        cluster_id=1, started_at=at("14:12:00"), ended_at=at("15:01:00"), reason="down"
    )
    take_at("15:02:00")

    assert course("pool", 1) == [("14:00", 21), ("14:15", None), ("15:00", 21)]


def test_a_gap_between_two_steps_is_none():
    take_at("14:00:05")
    CoverageGap.objects.create(
        cluster_id=1, started_at=at("14:01:00"), ended_at=at("14:04:00"), reason="down"
    )

    assert take_at("14:05:05") == 0


def test_what_is_counted_across_a_gap_stands_in_the_first_sample_after_it():
    take_at("14:00:05")
    take_at("14:05:05", seen=False)
    cast.hold(cast.pod(602, "shop/long-1", addresses="10.0.0.42"), 602, **GENERATION_9)
    Cluster.objects.filter(pk=1).update(generation=9)
    take_at("14:10:05")

    assert [each.opened for each in of("pool", 1)] == [0, 0, 1]


def test_a_thing_that_is_gone_ends_with_zero_and_is_sampled_no_more():
    take_at("14:00:05")
    Node.objects.filter(pk=3).update(gone_at=at("14:01:00"), gone_by=at("14:01:00"))
    take_at("14:05:00")
    take_at("14:10:00", seen=False)

    assert [numbers(each) for each in of("node", 3)] == [
        (0, "14", 0, 14),
        (0, "0", 0, 0),
    ]
    assert UsageSeries.objects.filter(ended_at=at("14:05:00")).count() == 2


def test_a_gone_node_that_still_holds_addresses_is_sampled():
    take_at("14:00:05")
    Node.objects.filter(pk=2).update(gone_at=at("14:01:00"), gone_by=at("14:01:00"))

    take_at("14:05:00")

    assert course("node", 2) == [("14:00", 7)]


def test_a_thing_that_comes_back_goes_on_in_its_series():
    take_at("14:00:05")
    Namespace.objects.filter(pk=4).update(gone_at=at("14:01:00"))
    take_at("14:05:00")
    Namespace.objects.filter(pk=4).update(gone_at=None)
    take_at("14:10:00")

    assert UsageSeries.objects.exclude(ended_at=None).count() == 0
    assert UsageSeries.objects.count() == 16


def test_a_capacity_beyond_64_bits_is_kept():
    Pool.objects.filter(pk=2).update(capacity_rule="assumed")
    ranges = Pool.objects.get(pk=2).ranges
    ranges.update(first=0xFD << 120, last=(0xFD << 120) + 2**80 - 1)
    ranges.update(block_prefix_length=None)

    take_at("14:00:05")

    (sample,) = of("pool", 2, 6)
    assert sample.capacity == "1208925819614629174706174"


def test_two_samplers_write_one_sample():
    take_at("14:00:05")
    Sampling.objects.update(at=at("14:10:00"))

    assert take_at("14:05:05") == 0


def test_more_slots_than_fit_are_as_many_as_fit():
    Node.objects.update(slots_total=2**62, slots_free=2**62)

    take_at("14:00:05")

    (sample,) = of("pool", 1)
    assert sample.slots_total == 2**62
