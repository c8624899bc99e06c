"""Between which instants changes happened, and which version overwrites which."""

import pytest

from ipamweb.sync.changes import Bounds, SeenHow, is_newer
from tests.sync.world import at

READING = Bounds(at("12:00:00"), at("12:00:04"), at("12:00:05"))
FIRST = Bounds(None, at("12:00:04"), at("12:00:05"))


@pytest.mark.parametrize(
    ("bounds", "created", "earliest"),
    [
        (READING, "12:00:03", "12:00:03"),
        (READING, "11:59:00", "12:00:00"),
        (READING, None, "12:00:00"),
        # The server's clock is ahead of ours.
        (READING, "12:00:09", "12:00:05"),
        (FIRST, "11:59:00", "11:59:00"),
        (FIRST, None, "12:00:05"),
    ],
)
def test_an_opening_lies_between_what_was_known_and_the_answer(
    bounds: Bounds, created: str | None, earliest: str
) -> None:
    found = bounds.opening(at(created) if created else None)

    assert found == (at(earliest), at("12:00:05"))


@pytest.mark.parametrize(
    ("valid_from", "valid_to"),
    [("11:00:00", "12:00:00"), ("12:00:00", "12:00:00"), ("12:00:02", "12:00:02")],
)
def test_a_closing_lies_between_what_was_known_and_the_answer(
    valid_from: str, valid_to: str
) -> None:
    assert READING.closing(at(valid_from)) == (at(valid_to), at("12:00:05"))


def test_what_is_known_of_nothing_ends_where_it_began() -> None:
    assert FIRST.closing(at("12:00:02")) == (at("12:00:02"), at("12:00:05"))


def test_H7_an_end_is_never_before_its_begin_though_the_clock_went_back() -> None:
    assert READING.closing(at("12:00:30")) == (at("12:00:30"), at("12:00:30"))


@pytest.mark.parametrize(
    ("version", "than", "how", "newer"),
    [
        ("11", "10", "watch", True),
        ("10", "10", "watch", False),
        ("9", "10", "watch", False),
        ("100", "20", "watch", True),
        ("10", "", "watch", True),
        ("abc", "10", "watch", False),
        ("10", "abc", "watch", False),
        # A list is made after all that is mirrored, whatever its objects say.
        ("10", "10", "list", True),
        ("9", "10", "list", True),
        ("abc", "10", "list", True),
    ],
)
def test_O1_an_older_version_in_an_event_overwrites_nothing(
    version: str, than: str, how: SeenHow, newer: bool
) -> None:
    assert is_newer(version, than=than, how=how) is newer
