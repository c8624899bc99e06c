"""Times come back as they were written, by whatever reads them."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection

from ipamweb.mirror import postgres_times
from ipamweb.mirror.models import Cluster

pytestmark = pytest.mark.django_db
TIMESTAMPTZ = psycopg.adapters.types["timestamptz"].oid


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 22, 12, 30, tzinfo=UTC),
        datetime(2026, 11, 22, 12, 30, 0, 500_000, tzinfo=UTC),
        datetime(2026, 11, 22, 12, 30, 0, 1, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
    ids=str,
)
def test_a_time_is_read_as_it_was_written_and_in_utc(moment: datetime) -> None:
    Cluster.objects.create(slug="lab", name="lab", as_of=moment)

    found = Cluster.objects.values_list("as_of", flat=True).get()

    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("text", ["0044-03-15 12:00:00+00 BC", "infinity"])
def test_a_time_that_python_cannot_hold_is_refused_and_not_guessed(text: str) -> None:
    found = postgres_times.UtcLoader(TIMESTAMPTZ)

    with pytest.raises(psycopg.DataError):
        found.load(text.encode())


def test_connections_to_postgresql_read_times_so() -> None:
    with connection.cursor():
        opened: Any = connection.connection
    if connection.vendor == "postgresql":
        found = opened.adapters.get_loader(TIMESTAMPTZ, psycopg.pq.Format.TEXT)
        assert found is postgres_times.UtcLoader
