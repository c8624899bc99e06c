"""Which findings are open about one thing: a node, pod, address or pool; how many about
the pods of a namespace.

As in queries.py, one about a pod is for who may see its namespace.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ipamweb.findings.candidates import SEVERITIES
from ipamweb.findings.filters import IS_OPEN
from ipamweb.findings.queries import shown
from ipamweb.findings.rules import RULES
from ipamweb.mirror.scope import Scope


@dataclass(frozen=True, slots=True)
class About:
    """What findings are wanted about: subjects of a kind by their names, and a pod by
    its UID."""

    kind: str = ""
    names: tuple[str, ...] = ()
    pod_uid: str = ""

    @property
    def condition(self) -> Q:
        """The findings that are about any of these; none where nothing is named."""
        found = Q(pk__in=())
        if self.kind and self.names:
            found |= Q(subject_kind=self.kind, subject__in=self.names)
        if self.pod_uid:
            found |= Q(subject_kind="pod", subject_uid=self.pod_uid)
        return found


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open finding, as the page of what it is about shows it."""

    id: int
    title: str
    severity: str


@dataclass(frozen=True, slots=True)
class OpenOnes:
    """How many are open, and the worst of them."""

    count: int = 0
    rows: tuple[OpenRow, ...] = ()


def open_about(wanted: About, *, cluster_id: int, most: int, scope: Scope) -> OpenOnes:
    """Return what is open about something, the worst first, `most` with their titles.

    One query, and one more where there are more than `most`.
    """
    query = shown(scope=scope).filter(wanted.condition, IS_OPEN, cluster=cluster_id)
    rows = list(
        query.order_by("severity", "id").values_list("id", "rule", "severity")[
            : most + 1
        ]
    )
    return OpenOnes(
        count=query.count() if len(rows) > most else len(rows),
        rows=tuple(
            OpenRow(number, RULES[rule].title, SEVERITIES[severity])
            for number, rule, severity in rows[:most]
        ),
    )


def open_of_namespace(*, scope: Scope) -> Coalesce:
    """Return the sub-select of how many findings about pods of a namespace are open."""
    query = shown(scope=scope).filter(
        IS_OPEN,
        cluster=OuterRef("cluster"),
        subject_kind="pod",
        namespace_uid=OuterRef("uid"),
    )
    counted = query.order_by().values("cluster").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def open_of_nodes(
    names: Iterable[str], *, cluster_id: int, scope: Scope
) -> dict[str, int]:
    """Return how many findings about each node are open, by its name. One query."""
    query = shown(scope=scope).filter(
        IS_OPEN, cluster=cluster_id, subject_kind="node", subject__in=list(names)
    )
    return Counter(query.values_list("subject", flat=True))
