"""What the map's marks mean: states of an address, steps of share used, bytes of cells.

Each state has a class of the style sheet, letters and words: never a colour alone. Not
here: the colours (static/css/tokens.css), who is in which state (mirror/queries).
"""

from dataclasses import dataclass
from fractions import Fraction

# What a cell's byte says beside the kind (docs: the map's data).
TERMINATING = 0x10
SUSPECTED = 0x20
CONFLICT = 0x40
BORROWED = 0x80
OUTSIDE = 0xFF


@dataclass(frozen=True, slots=True)
class State:
    """What an address can be: `value` is the low half of its byte in a map's cells.

    `style` is the class that colours it: further kinds share the colours of others.
    """

    value: int
    style: str
    code: str
    words: str


STATES = {
    "free": State(0, "free", "", "free"),
    "pod": State(1, "pod", "pod", "pod"),
    "router": State(2, "router", "gw", "router"),
    "health": State(3, "health", "hc", "health check"),
    "ingress": State(4, "ingress", "ing", "ingress"),
    "reserved": State(5, "reserved", "res", "reserved"),
    "gateway": State(6, "router", "gtw", "gateway"),
    "tunnel": State(7, "router", "tun", "tunnel"),
    "node": State(8, "reserved", "node", "node"),
    "service": State(9, "ingress", "svc", "service"),
    "load-balancer": State(10, "ingress", "lb", "load balancer"),
    "unknown": State(11, "reserved", "?", "unknown owner"),
    "cooling-down": State(12, "reserved", "cool", "cooling down"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a flag of a cell adds to its kind; without a `style` the kind's stays."""

    flag: int
    style: str
    code: str
    words: str


MARKS = (
    Mark(TERMINATING, "", "trm", "terminating"),
    Mark(SUSPECTED, "leaked", "leak", "held by nobody who is there"),
    Mark(CONFLICT, "duplicate", "dup", "several owners"),
    Mark(BORROWED, "", "brw", "borrowed: its pod runs on another node"),
)


# Two instants side by side: flags of a cell's byte, and what its low half may be then.
UNCERTAIN = 0x10
GONE = 0x20
NEW = 0x40
CHANGED = 0x80
DIFFERENCES = (
    Mark(GONE, "gone", "−", "gone"),
    Mark(NEW, "new", "+", "new"),
    Mark(CHANGED, "changed", "~", "changed hands"),
    Mark(
        UNCERTAIN, "", "?", "may have been held at both: between two reads, or in a gap"
    ),
)
UNCHANGED = (
    State(0, "free", "", "held at neither"),
    # Stands for every kind: the map shows whether it differs, not by what it is held.
    State(11, "same", "=", "held by the same"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of share used, from `start` on; `mark` doubles the colour of an alarm."""

    start: Fraction
    style: str
    mark: str
    words: str


NEAR_FULL = Fraction(85, 100)
FULL = Fraction(95, 100)
STEPS = (
    Step(Fraction(0), "level-0", "", "below 10 %"),
    Step(Fraction(10, 100), "level-1", "", "10 to 25 %"),
    Step(Fraction(25, 100), "level-2", "", "25 to 50 %"),
    Step(Fraction(50, 100), "level-3", "", "50 to 70 %"),
    Step(Fraction(70, 100), "level-4", "", "70 to 85 %"),
    Step(NEAR_FULL, "level-5", "▲", "near full (≥ 85 %)"),
    Step(FULL, "level-6", "▲▲", "full (≥ 95 %)"),
)


def step(part: int, whole: int) -> Step | None:
    """Return the step of a share: (105, 110) -> the last. None of nothing."""
    if whole <= 0:
        return None
    share = Fraction(part, whole)
    return [each for each in STEPS if share >= each.start][-1]


def held_byte(
    kind: str,
    *,
    terminating: bool = False,
    cooling_down: bool = False,
    conflict: bool = False,
    borrowed: bool = False,
) -> int:
    """Return the byte of a held address: held_byte("pod", terminating=True) -> 0x11.

    A kind that has no value of its own here is an unknown owner.
    """
    state = STATES["cooling-down"] if cooling_down else _state_of(kind)
    return (
        state.value
        | (TERMINATING if terminating else 0)
        | (CONFLICT if conflict else 0)
        | (BORROWED if borrowed else 0)
    )


def state_of_byte(byte: int) -> str | None:
    """Return the state a cell's byte says: 0x11 -> pod; None outside of blocks."""
    if byte == OUTSIDE:
        return None
    return _NAMES.get(byte & 0x0F, "unknown")


def kind_of_word(word: str) -> str | None:
    """Return the kind that a word or a code names: "gw" -> router. None for others."""
    return next((k for k, state in STATES.items() if word in (k, state.code)), None)


def _state_of(kind: str) -> State:
    return STATES.get(kind, STATES["unknown"])


_NAMES = {state.value: name for name, state in STATES.items()}
