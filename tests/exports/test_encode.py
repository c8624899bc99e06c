"""Rows as JSON, column by column."""

import msgspec
import pytest

from ipamweb.exports.encode import Batch, Ndjson


@pytest.mark.parametrize(
    "names",
    [
        ("web-1", "web-2"),
        ('a",', "b"),
        ('","', '"'),
        ("", ","),
        ("\\", '\\",'),
    ],
)
def test_texts_stay_in_their_rows_whatever_is_in_them(names: tuple[str, ...]) -> None:
    encoder = Ndjson(["pod"])

    lines = encoder.batch(Batch([names])).splitlines()

    assert [msgspec.json.decode(line) for line in lines] == [{"pod": n} for n in names]
