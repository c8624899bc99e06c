from datetime import UTC, datetime, timedelta

import pytest

from ipamweb.tables import reading


@pytest.mark.parametrize(
    ("text", "seconds", "spelled"),
    [
        ("90m", 5400, "90m"),
        ("120m", 7200, "2h"),
        ("7d", 604_800, "1w"),
        ("1s", 1, "1s"),
    ],
)
def test_a_duration_has_one_spelling(text, seconds, spelled):
    length = reading.read_duration(text)

    assert length == timedelta(seconds=seconds)
    assert reading.write_duration(length) == spelled


def test_an_instant_is_written_as_it_can_be_read():
    moment = reading.read_instant("2026-11-22T15:03:22+01:00")

    assert moment == datetime(2026, 11, 22, 14, 3, 22, tzinfo=UTC)
    assert reading.write_instant(moment) == "2026-11-22T14:03:22Z"


@pytest.mark.parametrize("text", ["x" * 301, "a\0b"])
def test_a_text_that_no_name_is_is_refused(text):
    with pytest.raises(ValueError, match="at most 300 characters"):
        reading.read_text(text)
