"""Steps from numbers to colours, each with its words: shares, changes an hour, ages.

Shares end in two steps of alarm; of churn and age no step is one. Not here: the colours
(static/css/tokens.css).
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ipamweb.web import formatting

HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """A step from `start` on: in per cent of a share, else in the scale's own unit."""

    start: int
    words: str
    mark: str = ""


@dataclass(frozen=True)
class Scale:
    """`steps` from the lowest on, the place of each is its level.

    `unit` is what a band of it is given in: `per` of the value; `nothing` says what a
    node without a number has none of; `column` is its header in a table.
    """

    words: str
    unit: str
    steps: tuple[Step, ...]
    nothing: str
    column: str = ""
    per: int = 1
    is_share: bool = False

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(step.start for step in self.steps)

    def has_number(self, value: int | None, whole: int | None) -> bool:
        """Say whether there is a number: a share of nothing is none."""
        return value is not None and (not self.is_share or bool(whole))

    def level(self, value: int | None, whole: int | None) -> int | None:
        """Return the step of a number: of 105 of 110 the last; None of nothing."""
        if value is None or (self.is_share and not whole):
            return None
        # Where a quotient is a whole number, that of floats is exact.
        number = value * 100 / (whole or 1) if self.is_share else value
        return bisect_right(self._starts, number) - 1

    def is_inside(
        self, value: int | None, whole: int | None, *, low: int, high: int | None
    ) -> bool:
        """Say whether a number lies in a band: from `low` on, below `high`. A share of
        100 is below 100 too, and above None there is nothing."""
        if value is None or (self.is_share and not whole):
            return False
        number, size = (value * 100, whole or 1) if self.is_share else (value, 1)
        is_open = high is None or (self.is_share and high >= 100)
        return low * self.per * size <= number and (
            is_open or number < (high or 0) * self.per * size
        )

    def order(self, value: int | None, whole: int | None) -> float:
        """Return a key that sorts the largest first, nothing last."""
        if value is None or (self.is_share and not whole):
            return 1.0
        return -value * 100 / (whole or 1) if self.is_share else -value

    def in_words(self, value: int | None, whole: int | None) -> str:
        if value is None or (self.is_share and not whole):
            return self.nothing
        if self.is_share:
            return formatting.part_of(value, whole or 0)
        return formatting.duration(value) if self.per > 1 else formatting.count(value)


_SHARE_STEPS = tuple(
    Step(start, words, mark)
    for start, words, mark in zip(
        (0, 10, 25, 50, 70, 85, 95),
        formatting.LEVEL_WORDS,
        formatting.LEVEL_MARKS,
        strict=True,
    )
)
AGES = (
    Step(0, "below 1 h"), Step(HOUR, "1 h to 1 d"), Step(DAY, "1 d to 7 d"),
    Step(7 * DAY, "7 d to 30 d"), Step(30 * DAY, "30 d and more"),
)  # fmt: skip
_CHURN_STEPS = (
    Step(0, "none"), Step(1, "1 to 4"), Step(5, "5 to 19"), Step(20, "20 to 99"),
    Step(100, "100 and more"),
)  # fmt: skip
SCALES = {
    "slots": Scale(
        "pod slots used", "%", _SHARE_STEPS, nothing="no pod slots", is_share=True
    ),
    "addresses": Scale(
        "IPv4 addresses held", "%", _SHARE_STEPS, nothing="no block", is_share=True
    ),
    "churn": Scale(
        "addresses taken or released in an hour", "changes an hour", _CHURN_STEPS,
        nothing="none", column="Changes in 1 h",
    ),
    "age": Scale(
        "age of the oldest pod", "days", AGES, nothing="no pod", column="Oldest pod",
        per=DAY,
    ),
}  # fmt: skip


def age_level(seconds: float) -> int:
    """Return the step of an age: of two days 2."""
    return sum(seconds >= step.start for step in AGES[1:])
