"""What was sampled of the cast: two hours with a change, the second of them not seen.

The cast's own gap covers 13:05, and at 13:30 the cluster was not read for an hour.
"""

from datetime import timedelta

from ipamweb.mirror.models import Cluster, Pool
from ipamweb.usage import samples
from tests.cast_places import AS_OF, at


def insert() -> None:
    """Take samples at 12:00, 13:00, 13:30 (not seen) and 14:00."""
    Pool.objects.filter(pk=1).update(allocated=24)
    _take("12:00:00")
    Pool.objects.filter(pk=1).update(allocated=21)
    _take("13:00:00")
    _take("13:30:00", age=timedelta(hours=1))
    _take("14:00:00")
    Cluster.objects.filter(pk=1).update(as_of=AS_OF)


def _take(clock: str, *, age: timedelta = timedelta(0)) -> None:
    Cluster.objects.filter(pk=1).update(as_of=at(clock) - age)
    samples.take(now=at(clock))
