from datetime import UTC, datetime

from ipamweb.web import drawing
from ipamweb.web.drawing import Interval


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22T{clock}").replace(tzinfo=UTC)


def interval(owner, bounds):
    earliest, first, last, latest = (at(each) if each else None for each in bounds)
    return Interval(owner, f"owner-{owner}", earliest, first, last, latest)


PAST = interval("old", ["12:00:00", "12:00:00", "12:10:00", "12:15:00"])
OPEN = interval("new", ["12:20:00", "12:30:00", None, None])


def test_a_bar_is_as_wide_as_its_share():
    bar = drawing.bar(27, 110)

    assert (bar.used, bar.words, bar.level, bar.mark) == ("24.55%", "27 of 110", 1, "")


def test_a_bar_is_never_wider_than_its_whole():
    bar = drawing.bar(112, 110)

    assert (bar.used, bar.words, bar.mark) == ("100.00%", "112 of 110", "▲▲")


def test_a_bar_of_nothing_is_empty():
    assert drawing.bar(0, 0).used == "0%"


def test_two_tiers_tell_blocks_and_addresses_apart():
    bar = drawing.two_tiers((64, 256), used=(1, 10))

    assert (bar.assigned, bar.used, bar.words) == ("25.00%", "10.00%", "64 of 256")


def test_ipv6_has_no_tier_of_addresses():
    assert drawing.two_tiers((64, 256), used=None).used == ""


def test_a_timeline_of_nobody_is_none():
    assert drawing.timeline([], gaps=(), now=at("13:00:00")) is None


def test_owners_that_follow_each_other_share_a_lane():
    found = drawing.timeline([OPEN, PAST], gaps=(), now=at("13:00:00"))

    assert [bar.lane for bar in found.bars] == [0, 0]


def test_owners_at_the_same_time_stand_below_each_other():
    found = drawing.timeline([OPEN, OPEN], gaps=(), now=at("13:00:00"))

    assert [bar.lane for bar in found.bars] == [0, 1]


def test_what_is_certain_lies_inside_what_is_possible():
    # 12:00 to 13:00 and a margin of a fiftieth before: 61.2 minutes are the drawing.
    found = drawing.timeline([PAST, OPEN], gaps=(), now=at("13:00:00"))

    assert found.bars[0].possible.x == found.bars[0].certain.x == "1.961%"
    assert found.bars[0].certain.width == "16.340%"
    assert found.bars[0].possible.width == "24.510%"
    assert found.bars[1].is_open


def test_an_owner_seen_between_two_reads_only_has_no_certain_part():
    brief = interval("brief", ["12:00:00", "12:05:00", "12:04:00", "12:06:00"])

    assert (
        drawing.timeline([brief], gaps=(), now=at("13:00:00")).bars[0].certain is None
    )


def test_a_gap_that_goes_on_ends_now_and_one_long_ago_is_left_out():
    gaps = [(at("12:40:00"), None), (at("02:00:00"), at("03:00:00"))]

    found = drawing.timeline([OPEN], gaps=gaps, now=at("13:00:00"))

    # 40.8 minutes with the margin; 20.8 of them before the gap.
    assert [(gap.x, gap.width) for gap in found.gaps] == [("50.980%", "49.020%")]


def test_the_instant_asked_about_is_inside_the_drawing():
    found = drawing.timeline([OPEN], gaps=(), now=at("13:00:00"), asked=at("11:00:00"))

    assert found.asked == "1.961%"


def test_what_was_possible_long_ago_does_not_press_the_rest_together():
    old = interval("old", ["02:00:00", "12:00:00", None, None])

    found = drawing.timeline([old], gaps=(), now=at("13:00:00"))

    # From 11:40, a third of an hour before, and a margin of a fiftieth of 80 minutes.
    assert found.bars[0].certain.x == "26.471%"
