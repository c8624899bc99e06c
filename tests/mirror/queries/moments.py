"""A poll that writes while an answer is put together from several queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.time_bins import time_bin
from tests.cast import at

# The cast is of generation 7.
NEXT = 8


def end(pk: int, *, ends: tuple[str, str] = ("14:00:00", "14:00:01")) -> None:
    """Move an open allocation to the past, as the next poll would."""
    row = Allocation.objects.get(pk=pk)
    last, latest = (at(clock) for clock in ends)
    PastAllocation.objects.create(**_past(row, last, latest))
    row.delete()
    other = Allocation.objects.filter(address=row.address).order_by("id").first()
    if other:
        Allocation.objects.filter(pk=other.pk).update(counted=True)


def _past(row: Allocation, last: datetime, latest: datetime) -> dict[str, Any]:
    own = {"counted", "changed_generation"}
    fields = [field.attname for field in Allocation._meta.concrete_fields]
    return {
        **{name: getattr(row, name) for name in fields if name not in own},
        "valid_to": last,
        "to_latest": latest,
        "closed_by": "watch",
        "closed_generation": NEXT,
        "time_bin": time_bin(row.from_earliest, latest),
    }


@contextmanager
def ending_before_the_past_is_read(pk: int) -> Iterator[None]:
    """Let an allocation end after what is held was read, and before what is past."""
    waiting = [pk]

    def asked(execute: Any, sql: str, *rest: Any) -> Any:
        if "mirror_pastallocation" in sql and waiting:
            end(waiting.pop())
        return execute(sql, *rest)

    with connection.execute_wrapper(asked):
        yield
    assert not waiting
