"""The cast in the database, sampled when a test says so."""

from datetime import datetime, timedelta

import pytest

from ipamweb.mirror.models import Cluster
from ipamweb.usage import samples
from ipamweb.usage.models import UsageSample
from tests import cast
from tests.cast import at


@pytest.fixture
def everybody(db: None) -> cast.Cast:
    return cast.insert()


def take_at(clock: str | datetime, *, seen: bool = True) -> int:
    """Take the samples of an instant; prod-eu was read then, or is stale."""
    now = at(clock) if isinstance(clock, str) else clock
    as_of = now if seen else now - timedelta(hours=1)
    Cluster.objects.filter(slug="prod-eu").update(as_of=as_of)
    return samples.take(now=now)


def of(scope: str, subject: int, family: int = 4) -> list[UsageSample]:
    """Return the samples of a thing, in order."""
    return list(
        UsageSample.objects.filter(
            series__scope=scope, series__subject_id=subject, series__family=family
        ).order_by("at")
    )
