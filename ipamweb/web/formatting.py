"""Numbers, shares, times and sizes as the words a page shows; done here and only here.

A share of a whole is a percentage nowhere else, and never above 100. IPv6 sizes are
powers of two. Not here: what the numbers are, and where they stand on a page.
"""

import re
from datetime import UTC, datetime
from fractions import Fraction

from ipamweb.cidrmap.sizes import THIN_SPACE
from ipamweb.cidrmap.sizes import addresses as addresses
from ipamweb.cidrmap.sizes import count as count
from ipamweb.cidrmap.sizes import magnitude as magnitude

# Shares from which a thing is nearly full, and as good as full.
NEAR_FULL = Fraction(85, 100)
FULL = Fraction(95, 100)
LEVEL_STARTS = (
    Fraction(10, 100), Fraction(25, 100), Fraction(50, 100), Fraction(70, 100),
    NEAR_FULL, FULL,
)  # fmt: skip
LEVEL_MARKS = ("", "", "", "", "", "▲", "▲▲")
LEVEL_WORDS = (
    "below 10 %", "10 to 25 %", "25 to 50 %", "50 to 70 %", "70 to 85 %",
    "near full (≥ 85 %)", "full (≥ 95 %)",
)  # fmt: skip
# Unicode's controls of direction (UAX 9).
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SECONDS_OF = (("d", 86_400), ("h", 3_600), ("min", 60))


def share(part: int, whole: int) -> str:
    """Return a part of a whole in per cent; "–" of nothing.

    Whole numbers above 1, one digit below, <0.1 % instead of 0, and 100 % only of all:
    (1, 3) -> 33 %, (1, 200) -> 0.5 %, (1, 5000) -> <0.1 %, (9999, 10000) -> 99 %.
    """
    if whole <= 0:
        return "–"
    ratio = Fraction(min(part, whole), whole) * 100
    if ratio == 0 or ratio >= 1:
        digits = str(round(ratio) if ratio < 99 or ratio == 100 else 99)
    else:
        digits = f"{float(ratio):.1f}" if ratio >= Fraction(1, 10) else "<0.1"
    return f"{digits}{THIN_SPACE}%"


def part_of(part: int, whole: int) -> str:
    """Return "105 of 110", also when it is too many: "112 of 110"."""
    return f"{count(part)} of {count(whole)}"


def level(part: int, whole: int) -> int:
    """Return the step of the ramp, 0 (below 10 %) to 6 (95 % and more)."""
    if whole <= 0:
        return 0
    return sum(Fraction(part, whole) >= start for start in LEVEL_STARTS)


def plural(number: int, noun: str, *, plural_noun: str = "") -> str:
    """Return a number and its unit: (1, "pod") -> 1 pod, (2, "pod") -> 2 pods."""
    name = noun if number == 1 else plural_noun or f"{noun}s"
    return f"{count(number)} {name}"


def visible(name: str) -> str:
    """Return a name for use inside a sentence: characters that would turn the words
    around it are shown as what they are, a fault. Kubernetes allows none of them."""
    return TURNING.sub("\ufffd", name)


def instant(moment: datetime) -> str:
    """Return a time in UTC to the second: 2026-11-21 14:03:22Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def clock(moment: datetime) -> str:
    """Return the time of day in UTC: 14:03:22Z."""
    return moment.astimezone(UTC).strftime("%H:%M:%SZ")


def machine_time(moment: datetime) -> str:
    """Return RFC 3339 with microseconds, for machines: 2026-11-21T14:03:22.500000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def duration(seconds: float) -> str:
    """Return a length of time in its largest unit, rounded down: 93.5 -> 1 min."""
    for unit, length in SECONDS_OF:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"


def age(moment: datetime, *, now: datetime) -> str:
    """Return how long ago, or in how long: "3 s ago", "93 d ago", "in 5 min"."""
    seconds = (now - moment).total_seconds()
    if seconds < 0:
        return f"in {duration(-seconds)}"
    return f"{duration(seconds)} ago"
