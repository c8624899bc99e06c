"""Numbers to widths: bars and the timeline, as finished SVG attributes.

Widths are shares of the drawing, so that text in it keeps its size at any width. No
query, no URL, no words but labels given; the templates draw what stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from ipamweb.web import formatting


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of two tiers: the track is the whole, light is assigned, solid is used.

    `used` and `assigned` are widths, empty where that tier is not drawn.
    """

    words: str
    share: str
    used: str
    assigned: str = ""
    level: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """What is drawn between two times: `x` and `width` in per cent, and its words."""

    x: str
    width: str
    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """One owner's time; `certain` is None where nothing of it is."""

    lane: int
    possible: Span
    certain: Span | None
    is_open: bool
    is_labelled: bool
    anchor: str
    owner: str

    @property
    def y(self) -> int:
        return TOP + self.lane * LANE


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Owners in lanes over a common axis; `asked` is the instant of a question."""

    height: int
    bars: tuple[Held, ...]
    gaps: tuple[Span, ...]
    ticks: tuple[Tick, ...]
    asked: str

    @property
    def axis(self) -> int:
        return self.height - 20


@dataclass(frozen=True, slots=True)
class Interval:
    """What the timeline needs of an allocation; both ends are None while open."""

    owner: str
    anchor: str
    possible_from: datetime
    certain_from: datetime
    certain_to: datetime | None
    possible_to: datetime | None


LANE = 30
TOP = 6
TICKS = 5
# In per cent of the drawing: a name on less than this is a stump.
LABELLED_FROM = 7


def bar(used: int, whole: int) -> Bar:
    """Return a bar: (105, 110) -> 105 of 110, 95 %, ▲▲. Never beyond its whole."""
    step = formatting.level(used, whole)
    return Bar(
        words=formatting.part_of(used, whole),
        share=formatting.share(used, whole),
        used=width(used, whole),
        level=step,
        mark=formatting.LEVEL_MARKS[step],
    )


def two_tiers(assigned: tuple[int, int], *, used: tuple[int, int] | None) -> Bar:
    """Return a bar of parts and wholes: blocks assigned, and addresses used in IPv4.

    Its words, level and mark are those of the blocks: they run out first.
    """
    tier = bar(*assigned)
    return Bar(
        words=tier.words,
        share=tier.share,
        used=width(*used) if used else "",
        assigned=tier.used,
        level=tier.level,
        mark=tier.mark,
    )


def timeline(
    intervals: Sequence[Interval],
    *,
    gaps: Sequence[tuple[datetime, datetime | None]],
    now: datetime,
    asked: datetime | None = None,
) -> Timeline | None:
    """Return the drawing of who held an address when; None of no interval.

    Intervals that overlap stand in lanes below each other. Gaps outside the time shown
    are left out; one still open ends now.
    """
    if not intervals:
        return None
    start, end = _window(intervals, now=now, asked=asked)
    scale = _Scale(start, end)
    lanes = _lanes(intervals, now=now)
    return Timeline(
        height=TOP + (max(lanes) + 1) * LANE + 24,
        bars=tuple(
            _held(each, lane, scale=scale)
            for each, lane in zip(intervals, lanes, strict=True)
        ),
        gaps=tuple(
            scale.span(first, last, title="Not seen")
            for first, last in gaps
            if first < end and (last or now) > start
        ),
        ticks=tuple(_ticks(start, end)),
        asked=scale.x(asked) if asked else "",
    )


def width(part: int, whole: int) -> str:
    """Return a part of a whole as a width, at most all of it: (1, 3) -> 33.33%."""
    if whole <= 0:
        return "0%"
    return f"{float(min(Fraction(part, whole), Fraction(1)) * 100):.2f}%"


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime

    def share(self, moment: datetime) -> float:
        inside = min(max(moment, self.start), self.end)
        return (inside - self.start) / (self.end - self.start) * 100

    def x(self, moment: datetime) -> str:
        return f"{self.share(moment):.3f}%"

    def span(
        self, first: datetime, last: datetime | None, *, title: str, words: str = ""
    ) -> Span:
        left = self.share(first)
        right = self.share(last or self.end)
        return Span(f"{left:.3f}%", f"{max(right - left, 0.15):.3f}%", title, words)


def _window(
    intervals: Sequence[Interval], *, now: datetime, asked: datetime | None
) -> tuple[datetime, datetime]:
    """Return the time to draw: all intervals and the question, with a margin of 2 %."""
    end = max(now, *(each.possible_to or now for each in intervals))
    certain = min(each.certain_from for each in intervals)
    # A pod made long before we looked must not press the rest together.
    start = max(
        min(each.possible_from for each in intervals), certain - (end - certain) / 3
    )
    if asked:
        start, end = min(start, asked), max(end, asked)
    margin = max((end - start) / 50, timedelta(seconds=1))
    return start - margin, end + (margin if end > now else timedelta(0))


def _lanes(intervals: Sequence[Interval], *, now: datetime) -> list[int]:
    """Return a lane for each interval, so that none lies over another."""
    ends: list[datetime] = []
    lanes = {}
    for place, each in sorted(
        enumerate(intervals), key=lambda pair: pair[1].possible_from
    ):
        lane = next(
            (number for number, end in enumerate(ends) if end <= each.possible_from),
            len(ends),
        )
        ends[lane : lane + 1] = [each.possible_to or now + timedelta(days=1)]
        lanes[place] = lane
    return [lanes[place] for place in range(len(intervals))]


def _held(each: Interval, lane: int, *, scale: _Scale) -> Held:
    possible = scale.span(each.possible_from, each.possible_to, title=each.owner)
    certain = None
    if each.certain_to is None or each.certain_to >= each.certain_from:
        certain = scale.span(each.certain_from, each.certain_to, title=each.owner)
    return Held(
        lane=lane,
        possible=possible,
        certain=certain,
        is_open=each.possible_to is None,
        is_labelled=bool(certain) and _is_wide(each, scale),
        anchor=each.anchor,
        owner=each.owner,
    )


def _is_wide(each: Interval, scale: _Scale) -> bool:
    """Say whether a name finds room on a bar."""
    left, right = scale.share(each.certain_from), 100.0
    if each.certain_to:
        right = scale.share(each.certain_to)
    return right - left >= LABELLED_FROM


def _ticks(start: datetime, end: datetime) -> list[Tick]:
    """Return five ticks, evenly: time of day within two days, else the day too."""
    scale = _Scale(start, end)
    is_short = end - start <= timedelta(days=2)
    ticks = []
    for place in range(TICKS):
        moment = start + (end - start) * (2 * place + 1) / (2 * TICKS)
        words = (
            formatting.clock(moment) if is_short else formatting.instant(moment)[:-4]
        )
        ticks.append(Tick(scale.x(moment), words))
    return ticks
