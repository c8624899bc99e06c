"""What could not be read: kept as problems until it can.

Written before the cursors move, in transactions of at most ROWS rows: what is said
twice is kept once. Not here: who finds them (readers, gather.py, detected.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ipamweb.addressing import records
from ipamweb.mirror.models import Cluster, Problem
from ipamweb.sync import bulk, lease
from ipamweb.sync.fits import clean
from ipamweb.sync.write import ROWS

# Kind, object and field: of these one problem is open at a time.
Key = tuple[str, str, str]


@dataclass(slots=True)
class ProblemReport:
    """The problems of one kind in one poll; `whole` where all its objects were read."""

    kind: str
    problems: list[records.Problem]
    whole: bool
    seen_uids: frozenset[str] = frozenset()


@dataclass(slots=True)
class ProblemPlan:
    """Problems that are new, ids of those that are said again, and of those over."""

    new: list[records.Problem] = field(default_factory=list)
    again: list[tuple[int, records.Problem]] = field(default_factory=list)
    over: list[int] = field(default_factory=list)


def write_problems(
    held: lease.Held, cluster: Cluster, reports: Sequence[ProblemReport]
) -> int:
    """Store problems, and resolve those that are no more; return how many are new.

    One query where there are none and were none.
    """
    now = held.clock()
    plan = plan_problems(cluster, reports)
    _write(held, plan.new, partial(_insert, cluster, now))
    _write(held, plan.again, partial(_say_again, now))
    _write(held, plan.over, partial(_resolve, now))
    return len(plan.new)


def plan_problems(cluster: Cluster, reports: Iterable[ProblemReport]) -> ProblemPlan:
    """Compare what is said with what is open.

    Over is what no report says, and one should: it read all of its kind, or the object.
    """
    said: dict[Key, records.Problem] = {}
    whole: set[str] = set()
    seen: dict[str, set[str]] = {}
    for report in reports:
        stored = map(storable, report.problems)
        said |= {(each.kind, each.object, each.field): each for each in stored}
        seen.setdefault(report.kind, set()).update(report.seen_uids)
        if report.whole:
            whole.add(report.kind)
    plan = ProblemPlan()
    rows = Problem.objects.filter(cluster=cluster, resolved_at=None).values_list(
        "id", "object_uid", "kind", "object", "field"
    )
    for pk, uid, *key in rows:
        again = said.pop((key[0], key[1], key[2]), None)
        if again is not None:
            plan.again.append((pk, again))
        elif key[0] in whole or uid in seen.get(key[0], ()):
            plan.over.append(pk)
    plan.new = list(said.values())
    return plan


def storable(problem: records.Problem) -> records.Problem:
    """Return a problem that fits its columns: what is wrong may be its very name."""
    return records.Problem(
        clean(problem.kind, 64),
        clean(problem.object, 330),
        clean(problem.field, 200),
        clean(problem.why, 2_000),
        clean(problem.object_uid, 64),
    )


def _write(
    held: lease.Held, items: Sequence[Any], write: Callable[[Sequence[Any]], object]
) -> None:
    for start in range(0, len(items), ROWS):
        with lease.writing(held):
            write(items[start : start + ROWS])


def _insert(
    cluster: Cluster, now: datetime, problems: Sequence[records.Problem]
) -> None:
    Problem.objects.bulk_create(
        Problem(
            cluster=cluster,
            kind=each.kind,
            object=each.object,
            object_uid=each.object_uid,
            field=each.field,
            why=each.why,
            first_seen=now,
            last_seen=now,
        )
        for each in problems
    )


def _say_again(now: datetime, said: Sequence[tuple[int, records.Problem]]) -> None:
    rows = [(problem.why, now, pk) for pk, problem in said]
    bulk.update(Problem, ("why", "last_seen"), rows)


def _resolve(now: datetime, over: Sequence[int]) -> None:
    bulk.update(Problem, ("resolved_at",), [(now, pk) for pk in over])
