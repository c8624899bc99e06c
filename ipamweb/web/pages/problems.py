"""What could not be read, when we did not see the cluster, and what each poll did."""

from dataclasses import dataclass
from datetime import datetime

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.gaps import GapRow
from ipamweb.mirror.queries.problems import ProblemRow
from ipamweb.mirror.queries.runs import RunRow
from ipamweb.web import formatting
from ipamweb.web.pages.lists import Pager
from ipamweb.web.shell import Shell

REASONS = {
    "unreachable": "not reachable",
    "unauthorized": "not signed in (401)",
    "not-allowed": "rights missing (403)",
    "not-found": "an object is missing (404)",
    "not-installed": "a kind is missing (404)",
    "not-polled": "not polled",
    "expired": "the stream had expired (410)",
    "throttled": "slowed down by the server (429)",
    "bad-answer": "an answer could not be read",
    "identity": "another cluster answered",
    "misconfigured": "the connection is misconfigured",
}


@dataclass(frozen=True, slots=True)
class GapLine:
    gap: GapRow
    reason: str
    length: str
    consequence: str


@dataclass(frozen=True, slots=True)
class ProblemsPage:
    shell: Shell
    cluster: ClusterRow
    problems: tuple[ProblemRow, ...]
    problems_pager: Pager
    resolved: bool
    gaps: tuple[GapLine, ...]
    gaps_pager: Pager
    runs: tuple[RunRow, ...]
    runs_pager: Pager


def gap_line(gap: GapRow, *, now: datetime) -> GapLine:
    seconds = ((gap.ended_at or now) - gap.started_at).total_seconds()
    length = formatting.duration(seconds)
    consequence = "nothing was missed; times are less exact"
    if gap.lost_events:
        consequence = "what came and went inside it was never seen"
    return GapLine(gap, REASONS.get(gap.reason, gap.reason), length, consequence)
