"""For how long addresses were held in a month, and what is not known of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.ip_hours import IpHours, Month, Unseen
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.web import formatting


@dataclass(frozen=True, slots=True)
class IpHoursLine:
    family: int
    certain: str
    possible: str


@dataclass(frozen=True, slots=True)
class IpHoursPart:
    """`unseen` is a sentence, "" where all of the month was seen."""

    month: str
    lines: tuple[IpHoursLine, ...]
    unseen: str
    csv_path: str


def ip_hours_part(
    found: Iterable[IpHours],
    *,
    month: Month,
    unseen: timedelta,
    namespace: NamespaceRow,
    cluster: ClusterRow,
) -> IpHoursPart:
    query = urlencode(
        {
            "month": str(month),
            "cluster": cluster.slug,
            "namespace_uid": namespace.uid,
        }
    )
    return IpHoursPart(
        month=str(month),
        lines=tuple(
            IpHoursLine(each.family, hours(each.certain), hours(each.possible))
            for each in found
        ),
        unseen=_unseen_words(unseen, cluster=cluster.slug),
        csv_path=f"{reverse('api:ip-hours-csv')}?{query}",
    )


def of_team(
    found: Iterable[IpHours],
    *,
    month: Month,
    unseen: Iterable[Unseen],
    csv_path: str,
) -> IpHoursPart:
    """Return the sums over all namespaces, by family."""
    certain: dict[int, timedelta] = defaultdict(timedelta)
    possible: dict[int, timedelta] = defaultdict(timedelta)
    for each in found:
        certain[each.family] += each.certain
        possible[each.family] += each.possible
    return IpHoursPart(
        month=str(month),
        lines=tuple(
            IpHoursLine(family, hours(certain[family]), hours(possible[family]))
            for family in sorted(certain)
        ),
        unseen=" ".join(
            filter(None, (_unseen_words(e.time, cluster=e.cluster) for e in unseen))
        ),
        csv_path=f"{csv_path}&{urlencode({'month': str(month)})}",
    )


def hours(time: timedelta) -> str:
    """Return a length of time in hours, with two digits: 90 min -> 1.50."""
    hundredths = round(time / timedelta(hours=1) * 100)
    return f"{formatting.count(hundredths // 100)}.{hundredths % 100:02}"


def _unseen_words(time: timedelta, *, cluster: str) -> str:
    if time < timedelta(seconds=1):
        return ""
    return (
        f"For {formatting.duration(time.total_seconds())} of the month so far "
        f"{cluster} was not seen: who came and went in that time is missing here."
    )
