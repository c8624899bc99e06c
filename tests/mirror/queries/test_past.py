"""When much happened around an instant."""

import pytest

from ipamweb.mirror.models import SyncRun
from ipamweb.mirror.queries import past
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import at


def run(prod: ClusterRow, began: str, ended: str, moved: tuple[int, int]) -> None:
    opened, closed = moved
    SyncRun.objects.create(
        cluster_id=prod.id,
        kind="changes",
        outcome="ok",
        started_at=at(began),
        ended_at=at(ended),
        opened=opened,
        closed=closed,
    )


def counts(prod: ClusterRow) -> tuple[int, ...]:
    found = past.density(
        prod, since=at("12:00:00"), until=at("14:00:00"), parts=4, scope=EVERYTHING
    )
    return found.counts


def test_what_a_run_moved_happened_when_it_began(prod: ClusterRow) -> None:
    # Polls that changed nothing have let it go on.
    run(prod, "12:10:00", "13:50:00", (2, 1))

    assert counts(prod) == (3, 0, 0, 0)


@pytest.mark.parametrize(
    ("began", "found"),
    [
        ("11:59:59", (0, 0, 0, 0)),
        ("12:00:00", (5, 0, 0, 0)),
        ("12:29:59", (5, 0, 0, 0)),
        ("12:30:00", (0, 5, 0, 0)),
        ("13:59:59", (0, 0, 0, 5)),
        ("14:00:00", (0, 0, 0, 0)),
    ],
)
def test_a_run_stands_in_the_part_in_which_it_began(
    prod: ClusterRow, began: str, found: tuple[int, ...]
) -> None:
    run(prod, began, "15:00:00", (5, 0))

    assert counts(prod) == found


def test_runs_of_a_part_are_added_up(prod: ClusterRow) -> None:
    for second in range(3):
        run(prod, f"13:00:0{second}", f"13:00:0{second}", (second, 10))

    assert counts(prod) == (0, 0, 33, 0)
