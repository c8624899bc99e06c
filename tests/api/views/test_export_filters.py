"""An export is chosen by the filters of its list."""

import pytest

from tests.api.conftest import Reader
from tests.api.views.test_exports import lines


@pytest.mark.parametrize("time", ["", "&at=2026-11-22T13:20:00Z"])
@pytest.mark.parametrize(
    ("what", "asked", "count"),
    [
        ("pools", "q=10.0.0.35", 1),
        ("pools", "family=6&system=cilium", 1),
        ("pools", "network=storage", 0),
        ("blocks", "system=cilium&pool=cilium-cluster-pool-v4", 3),
        ("blocks", "network=storage", 0),
    ],
)
def test_pools_and_blocks_are_exported_by_the_filters_of_their_lists(
    reader: Reader, what: str, asked: str, count: int, time: str
) -> None:
    listed = reader.results(f"clusters/prod-eu/{what}/?{asked}{time}")

    *rows, _ = lines(reader, f"{what}.ndjson?cluster=prod-eu&{asked}{time}")

    assert len(rows) == len(listed) == count
    assert rows == [{"cluster": "prod-eu", **row} for row in listed]
