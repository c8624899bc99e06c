"""Times and addresses as databases write them, turned column by column."""

import pytest

from ipamweb.exports.allocation_columns import addresses, moment, moments

TIMES = [
    ("2026-11-22 12:30:00+00", "2026-11-22T12:30:00Z"),
    ("2026-11-22 12:30:00", "2026-11-22T12:30:00Z"),
    ("2026-11-22 12:30:00.5+00", "2026-11-22T12:30:00.500000Z"),
    ("2026-11-22 12:30:00.123456", "2026-11-22T12:30:00.123456Z"),
]


@pytest.mark.parametrize(("stored", "shown"), TIMES)
def test_a_time_is_rfc_3339_however_it_is_stored(stored: str, shown: str):
    assert (moment(stored), moments([stored])) == (shown, [shown])


@pytest.mark.parametrize("zone", ["+00", ""], ids=["postgresql", "sqlite"])
def test_times_of_a_column_are_turned_together(zone: str):
    stored = ["2026-11-22 12:30:00", "2026-11-22 12:30:00.5", "2026-11-22 12:30:01"]

    assert moments([f"{each}{zone}" for each in stored]) == [
        "2026-11-22T12:30:00Z", "2026-11-22T12:30:00.500000Z", "2026-11-22T12:30:01Z",
    ]  # fmt: skip


def test_an_address_of_either_family_is_its_one_text():
    mapped = "0" * 20 + "ffff" + "0a000207"
    found = [mapped, "fd00" + "0" * 27 + "1", "0" * 31 + "1"]

    assert addresses(found) == ["10.0.2.7", "fd00::1", "::1"]
    assert addresses([mapped, mapped[:-1] + "8"]) == ["10.0.2.7", "10.0.2.8"]
