"""The findings, and one finding with its two sides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest

from ipamweb.findings.candidates import SEVERITIES, Rule
from ipamweb.findings.filters import AGES, KINDS, OPEN, STATES, TITLES, FindingFilter
from ipamweb.findings.queries import (
    CheckRow,
    EvidenceRow,
    Facets,
    FindingRow,
    History,
    RestRow,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.web import formatting
from ipamweb.web.finding_map import Picture
from ipamweb.web.pages.lists import Pager, link
from ipamweb.web.pages.tables import TablePart, ViewTools
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell

# Which page shows a subject by its name; pods are shown by their UID.
PAGES = {"node": "node", "pool": "pool", "address": "address"}
# Of an instant it is not kept what was acknowledged.
STATES_THEN = (OPEN, "suspected", "resolved")
LOOKED_THEN = (
    "Findings as they stood at that instant. What each says is as the last look saw "
    "it; what was acknowledged then stands in the audit log, and what was only "
    "suspected, and went away, is not kept."
)
WORDS = {
    **TITLES,
    "hour": "within the last hour",
    "day": "1 to 24 hours ago",
    "week": "1 to 7 days ago",
    "older": "longer ago",
}
# Of the same fault before, so many are told.
MOST_EARLIER = 5
LIFETIMES = (("1", "a day"), ("7", "a week"), ("30", "30 days"), ("90", "90 days"))


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding in the list; `subject_path` is empty where no page shows it."""

    finding: FindingRow
    path: str
    subject_path: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many findings it leaves, and where it leads."""

    words: str
    count: int
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Facet:
    words: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """`looked` says when what was looked at, `unlooked` which clusters were not;
    `news_path` tells a script which findings there are now, `shown` which the list has.
    """

    shell: Shell
    table: TablePart
    tools: ViewTools
    facets: tuple[Facet, ...]
    pager: Pager
    is_filtered: bool
    state: str
    looked: str
    unlooked: tuple[str, ...]
    suspected: int
    news_path: str = ""
    shown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A state that a finding came into, and why."""

    at: datetime
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same fault, found and resolved before."""

    path: str
    first_seen: datetime
    resolved_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryPart:
    """The states of a finding, the first one first, and the same fault before it."""

    steps: tuple[Step, ...]
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a finding, with the page of what it is about, if there is one."""

    evidence: EvidenceRow
    path: str


@dataclass(frozen=True, slots=True)
class FindingPage:
    shell: Shell
    finding: FindingRow
    rule: Rule
    sides: tuple[Side, ...]
    subject_path: str
    certainty: str
    history: HistoryPart
    picture: Picture | None
    may_act: bool
    fault: str
    lifetimes: tuple[tuple[str, str], ...] = LIFETIMES


def finding_line(finding: FindingRow) -> FindingLine:
    return FindingLine(
        readable(finding), path_to("finding", str(finding.id)), subject_path(finding)
    )


def readable(finding: FindingRow) -> FindingRow:
    """Return a finding whose sentence no name in it can turn."""
    return replace(finding, message=formatting.visible(finding.message))


def subject_path(finding: FindingRow) -> str:
    if finding.subject_kind == "pod":
        if not finding.subject_uid:
            return ""
        return path_to("pod_of_uid", finding.cluster, finding.subject_uid)
    if finding.subject_kind == "cluster":
        return path_to("cluster", finding.cluster)
    route = PAGES.get(finding.subject_kind)
    return path_to(route, finding.cluster, finding.subject) if route else ""


def side(evidence: EvidenceRow, *, cluster: str) -> Side:
    path = ""
    if evidence.what == "pod" and evidence.uid:
        path = path_to("pod_of_uid", cluster, evidence.uid)
    elif evidence.what == "node" and evidence.uid:
        path = path_to("node", cluster, evidence.name)
    return Side(evidence, path)


def certainty(finding: FindingRow) -> str:
    """Return how often and how long the fault was seen, against its grace period."""
    if finding.last_seen is None or finding.looks is None:
        return "How often it had been seen by then is not kept, only when it began."
    seconds = (finding.last_seen - finding.first_seen).total_seconds()
    grace = formatting.duration(finding.rule.grace.total_seconds())
    looks = formatting.plural(finding.looks, "look")
    seen = f"{looks} saw it, over {formatting.duration(seconds)}"
    if finding.state == "suspected":
        return f"{seen}. It is called a finding when it is still there after {grace}."
    return f"{seen}; what is gone within {grace} is not called a finding."


def news_path(request: HttpRequest) -> str:
    """Return the path that answers which findings this list would show now."""
    query = request.GET.urlencode()
    return f"{path_to('finding_news')}?{query}" if query else path_to("finding_news")


def history(finding: FindingRow, kept: History | None) -> HistoryPart:
    """Return how a finding came into the state it is in; `kept` is None of the past,
    when what came later is not told."""
    steps = [Step(finding.first_seen, "suspected", "A look saw it.")]
    if finding.confirmed_at:
        why = "A further look saw it, after the grace period."
        steps.append(Step(finding.confirmed_at, "open", why))
    for rest in kept.rests if kept else ():
        steps += _rested(rest)
    if finding.resolved_at:
        steps.append(Step(finding.resolved_at, "resolved", "Two looks did not see it."))
    # An acknowledgement ends with its finding: that it was open again is no news.
    steps = [
        each
        for each in steps
        if not (each.state == "open" and each.at == finding.resolved_at)
    ]
    return HistoryPart(
        tuple(sorted(steps, key=lambda each: each.at)),
        tuple(
            Earlier(path_to("finding", str(each.id)), each.first_seen, each.resolved_at)
            for each in (kept.earlier if kept else ())
        ),
    )


def _rested(rest: RestRow) -> Iterator[Step]:
    by = rest.by or "A user who is gone"
    until = formatting.instant(rest.until)
    words = formatting.visible(f"{by}, until {until}: {rest.reason}")
    yield Step(rest.at, "acknowledged", words)
    if rest.ended_at and rest.ended_at >= rest.until:
        yield Step(rest.ended_at, "open", "The time for which it might rest was over.")
    elif rest.ended_at:
        yield Step(
            rest.ended_at, "open", f"{rest.ended_by or 'Somebody'} took it back."
        )


def facets(
    request: HttpRequest, found: Facets, *, wanted: FindingFilter
) -> tuple[Facet, ...]:
    """Return the facets; a choice of none of which there are any is left out."""
    asked = (
        ("State", "state", STATES),
        ("Severity", "severity", SEVERITIES),
        ("Kind", "kind", KINDS),
        ("First seen", "age", tuple(AGES)),
        ("Cluster", "cluster", tuple(sorted(found.clusters))),
    )
    return tuple(
        Facet(words, _choices(request, name, values, found=found, wanted=wanted))
        for words, name, values in asked
    )


def _choices(
    request: HttpRequest,
    name: str,
    values: tuple[str, ...],
    *,
    found: Facets,
    wanted: FindingFilter,
) -> tuple[Choice, ...]:
    counts, current = found.of(name), getattr(wanted, name)
    return tuple(
        Choice(
            WORDS.get(value, value),
            counts.get(value, 0),
            link(request, **{name: value, "cursor": ""}),
            is_current=value == current,
        )
        for value in values
        if counts.get(value) or value == current
    )


def looked(checks: Iterable[CheckRow]) -> str:
    """Return what was looked at, in one sentence: an empty list proves that it looked.

    Of several clusters the oldest look.
    """
    done = [each for each in checks if each.looked_at]
    moments = [each.looked_at for each in done if each.looked_at]
    if not moments:
        return "No cluster was looked at yet."
    rules = formatting.plural(max(each.rules for each in done), "rule")
    number = sum(each.addresses for each in done)
    addresses = formatting.plural(number, "address", plural_noun="addresses")
    clusters = formatting.plural(len(done), "cluster")
    return (
        f"Last check {formatting.instant(min(moments))}, {rules}, {addresses}, "
        f"{clusters}."
    )


def unlooked(
    clusters: Iterable[ClusterRow], checks: Iterable[CheckRow], *, now: datetime
) -> tuple[str, ...]:
    """Return a sentence for each cluster whose look is missing, old, or cut short."""
    by_slug = {each.cluster: each for each in checks}
    return tuple(
        words
        for cluster in clusters
        for words in _unlooked(cluster, by_slug.get(cluster.slug), now)
    )


def _unlooked(
    cluster: ClusterRow, check: CheckRow | None, now: datetime
) -> Iterator[str]:
    fresh = cluster.freshness
    if check is None or check.looked_at is None:
        why = "it was not read yet" if fresh.as_of is None else "its turn is to come"
        yield f"{cluster.slug} was not looked at: {why}."
    elif fresh.stale or fresh.gap_since or fresh.paused or cluster.held_release:
        yield (
            f"{cluster.slug} is not seen as it is now: nothing of it was confirmed or "
            f"resolved since {formatting.age(check.looked_at, now=now)}."
        )
    else:
        if check.cut:
            rules = ", ".join(check.cut)
            yield f"{cluster.slug} has more findings of {rules} than are kept."
        if check.untold:
            rules = ", ".join(check.untold)
            yield (
                f"{cluster.slug} was not asked by {rules}: what they look at could not "
                "be read lately."
            )
