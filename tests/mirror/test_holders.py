from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from ipamweb.mirror.holders import Coverage, who_held


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22T{clock}").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Held:
    """An interval; its ends are None while it is open."""

    from_earliest: datetime
    valid_from: datetime
    valid_to: datetime | None = None
    to_latest: datetime | None = None


ENDED = Held(at("12:00:00"), at("12:00:05"), at("12:10:00"), at("12:10:05"))
OPEN = Held(at("12:30:00"), at("12:30:05"))
SEEN = Coverage(at("11:00:00"), at("13:00:00"))


@pytest.mark.parametrize(
    ("clock", "verdict"),
    [
        ("11:59:59", "nobody"),
        ("12:00:00", "possible"),
        ("12:00:04", "possible"),
        ("12:00:05", "held"),
        ("12:10:00", "held"),
        ("12:10:04", "possible"),
        ("12:10:05", "nobody"),
        ("12:30:05", "held"),
        ("13:00:00", "held"),
        ("13:00:01", "possible"),
    ],
)
def test_H8_an_interval_is_certain_inside_and_possible_at_its_edges(
    clock: str, verdict: str
) -> None:
    answer = who_held([ENDED, OPEN], at=at(clock), coverage=SEEN)

    assert answer.verdict == verdict


def test_a_pod_that_came_and_went_between_two_looks_is_possible_and_never_certain() -> (
    None
):
    between = Held(at("12:00:00"), at("12:00:05"), at("12:00:05"), at("12:00:05"))

    answer = who_held([between], at=at("12:00:03"), coverage=SEEN)

    assert (answer.certain, answer.possible) == ((), (between,))


def test_two_candidates_between_two_looks_are_both_named() -> None:
    later = Held(at("12:10:00"), at("12:10:05"), at("12:20:00"), at("12:20:05"))

    answer = who_held([ENDED, later], at=at("12:10:03"), coverage=SEEN)

    assert answer.possible == (ENDED, later)


def test_two_certain_owners_at_once_are_both_named() -> None:
    answer = who_held([ENDED, ENDED], at=at("12:05:00"), coverage=SEEN)

    assert answer.certain == (ENDED, ENDED)


@pytest.mark.parametrize(
    ("clock", "blind"),
    [
        ("10:59:59", "before-history"),
        ("11:00:00", ""),
        ("11:29:59", ""),
        ("11:30:00", "gap"),
        ("11:39:59", "gap"),
        ("11:40:00", ""),
        ("13:00:00", ""),
        ("13:00:01", "after-as-of"),
    ],
)
def test_nobody_is_said_only_of_a_time_that_we_saw(clock: str, blind: str) -> None:
    gap = (at("11:30:00"), at("11:40:00"))
    coverage = Coverage(at("11:00:00"), at("13:00:00"), (gap,))

    answer = who_held([], at=at(clock), coverage=coverage)

    assert (answer.verdict, answer.blind) == ("unknown" if blind else "nobody", blind)


def test_an_open_gap_goes_on() -> None:
    coverage = Coverage(at("11:00:00"), at("12:00:00"), ((at("12:00:00"), None),))

    assert coverage.blindness(at("12:30:00")) == "gap"


def test_who_held_for_certain_is_named_inside_a_gap_too() -> None:
    gap = (at("12:02:00"), at("12:04:00"))
    coverage = Coverage(at("11:00:00"), at("13:00:00"), (gap,))

    answer = who_held([ENDED], at=at("12:03:00"), coverage=coverage)

    assert (answer.verdict, answer.blind) == ("held", "gap")


def test_of_a_cluster_never_read_nothing_is_known() -> None:
    assert who_held([], at=at("12:00:00"), coverage=Coverage(None, None)).blind == (
        "before-history"
    )


def test_after_the_last_read_nothing_is_certain() -> None:
    late = Held(at("12:59:55"), at("13:00:01"), at("13:00:05"), at("13:00:09"))

    answer = who_held([late], at=at("13:00:01"), coverage=SEEN)

    assert (answer.verdict, answer.blind) == ("possible", "after-as-of")
