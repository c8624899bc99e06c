"""The strip of past mode: which instant a page shows, how exactly that is known, steps
to other instants, and when much happened around it. Works without scripts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from django.http import HttpRequest

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past import Density, Known
from ipamweb.web import formatting
from ipamweb.web.pages.lists import link

# On either side of the instant, cut into bars of half an hour.
AROUND = timedelta(hours=12)
BARS = 48
STEPS = (
    ("−1 h", timedelta(hours=-1)),
    ("−5 min", timedelta(minutes=-5)),
    ("+5 min", timedelta(minutes=5)),
    ("+1 h", timedelta(hours=1)),
)
HEIGHT = 28


@dataclass(frozen=True, slots=True)
class Step:
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class Bin:
    """A part of the time around: a link to it, and a bar where something happened."""

    x: str
    width: str
    height: int
    path: str
    title: str

    @property
    def y(self) -> int:
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Dark:
    """A part of the time around that we did not see."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class PastStrip:
    """`kept` are the parameters that the form for another instant must not lose.

    `asked` is where in the density the instant stands; without `bins` there is none.
    `is_shown` is False on a page that can show the present only. `vs` is the other
    instant, where the page shows two side by side, `beside` what is then compared;
    `apart` leads to one of them.
    """

    at: str
    words: str
    exactness: str
    is_shown: bool
    leave: str
    steps: tuple[Step, ...]
    kept: tuple[tuple[str, str], ...]
    bins: tuple[Bin, ...]
    darks: tuple[Dark, ...]
    asked: str
    density_words: str
    vs: str = ""
    beside: str = ""
    apart: str = ""
    can_compare: bool = False


def past_strip(
    request: HttpRequest, cluster: ClusterRow, *, past: Known, density: Density
) -> PastStrip:
    at = formatting.instant(past.at)
    return PastStrip(
        at=text_of(past.at),
        words=f"You are looking at {cluster.slug} as it was at {at}.",
        exactness=exactness(cluster, past),
        is_shown=True,
        leave=link(request, at="", vs=""),
        steps=_steps(request, past.at),
        kept=_kept(request),
        bins=_bins(request, density),
        darks=tuple(_darks(density)),
        asked=_share(past.at, density),
        density_words=_density_words(density),
    )


def plain_strip(request: HttpRequest, at: datetime) -> PastStrip:
    """Return the strip of a page of no cluster, or of all: without the density of one,
    and how exactly the instant is known is said for each."""
    words = formatting.instant(at)
    return PastStrip(
        at=text_of(at),
        words=f"You are looking at how it was at {words}.",
        exactness="How exactly that is known of a cluster is said on its own pages.",
        is_shown=False,
        leave=link(request, at="", vs=""),
        steps=_steps(request, at),
        kept=_kept(request),
        bins=(),
        darks=(),
        asked="",
        density_words="",
    )


def text_of(moment: datetime) -> str:
    """Return an instant as `at=` takes it, to the second where it has no parts."""
    text = formatting.machine_time(moment)
    return text.replace(".000000Z", "Z")


def _steps(request: HttpRequest, at: datetime) -> tuple[Step, ...]:
    return tuple(
        Step(words, link(request, at=text_of(at + step), cursor=""))
        for words, step in STEPS
    )


def _kept(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, str(value))
        for name, value in request.GET.items()
        if name not in ("at", "cursor")
    )


def exactness(cluster: ClusterRow, past: Known) -> str:
    """Return how exactly the state at an instant is known, in one sentence."""
    fresh = cluster.freshness
    if past.blind == "before-history":
        if fresh.history_from is None:
            return f"{cluster.slug} was never read, so nothing is known of it."
        start = formatting.instant(fresh.history_from)
        return f"That is before history starts ({start}), so nothing is known of it."
    if past.blind == "after-as-of" and fresh.as_of:
        last = formatting.instant(fresh.as_of)
        return f"That is after the last read ({last}): shown is what was held then."
    if past.gap:
        return _gap_words(past)
    return (
        "Known to within one read: what began or ended between two reads is marked "
        "possible."
    )


def beside_words(cluster: ClusterRow, past: Known, beside: Known) -> str:
    """Return which two instants are compared, the earlier first, and what of the other
    one is not known."""
    seen = (cluster.seen_at(past.at), cluster.seen_at(beside.at))
    first, last = (formatting.instant(each) for each in sorted(seen))
    words = f"Compared: {first} with {last}; only what was held for certain."
    return f"{words} {_gap_words(beside)}" if beside.gap else words


def _gap_words(past: Known) -> str:
    if past.gap is None:
        return ""
    ended = past.gap.ended_at
    end = formatting.instant(ended) if ended else "now"
    run = f"{formatting.instant(past.gap.started_at)} – {end}"
    if past.gap.lost_events:
        return (
            f"We did not see the cluster then ({run}): shown is what is known from "
            "before and after; others may have come and gone."
        )
    return (
        f"We did not see the cluster then ({run}), but nothing was missed: beginnings "
        "and ends inside are only less exact."
    )


def _bins(request: HttpRequest, density: Density) -> tuple[Bin, ...]:
    length = (density.until - density.since) / len(density.counts)
    most = max(density.counts)
    bins = []
    for place, count in enumerate(density.counts):
        begin = density.since + place * length
        changes = "nothing changed" if not count else f"{count} began or ended"
        bins.append(
            Bin(
                x=_per_cent(place, len(density.counts)),
                width=_per_cent(1, len(density.counts)),
                height=_height(count, most),
                path=link(
                    request, at=text_of((begin + length / 2).replace(microsecond=0))
                ),
                title=f"{formatting.instant(begin)}: {changes}",
            )
        )
    return tuple(bins)


def _height(count: int, most: int) -> int:
    """Return a height by magnitude: a first read of all must not flatten the rest."""
    if not count:
        return 0
    return max(3, round(HEIGHT * log2(1 + count) / log2(1 + most)))


def _darks(density: Density) -> list[Dark]:
    darks = []
    for gap in density.gaps:
        begin = max(gap.started_at, density.since)
        end = min(gap.ended_at or density.until, density.until)
        length = (end - begin) / (density.until - density.since)
        darks.append(Dark(_share(begin, density), f"{100 * length:.2f}%"))
    return darks


def _share(moment: datetime, density: Density) -> str:
    part = (moment - density.since) / (density.until - density.since)
    return f"{100 * min(max(part, 0), 1):.2f}%"


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}%"


def _density_words(density: Density) -> str:
    total = formatting.count(sum(density.counts))
    since, until = formatting.instant(density.since), formatting.instant(density.until)
    return f"{total} allocations began or ended from {since} to {until}"
