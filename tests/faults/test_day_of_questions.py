"""A thousand questions about a day whose truth is known: no answer is wrong."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.holders import Answer
from ipamweb.mirror.queries import addresses, clusters
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.scope import EVERYTHING
from tests.faults import day
from tests.faults.day import END, EVERY, START, Day

pytestmark = pytest.mark.django_db
QUESTIONS = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, the true owners, and whether it was an easy one:
    farther than a poll from what happened to the address, and outside gaps."""

    address: str
    at: datetime
    answer: Answer[AllocationRow]
    true: set[str]
    easy: bool

    @property
    def certain(self) -> set[str]:
        return {row.uid for row in self.answer.certain}

    @property
    def possible(self) -> set[str]:
        return {row.uid for row in (*self.answer.certain, *self.answer.possible)}

    @property
    def wrong(self) -> bool:
        """Say whether a certain owner held nothing, or one was left out unsaid."""
        said_all = not self.answer.blind
        return not self.certain <= self.true or (
            said_all and not self.true <= self.possible
        )

    @property
    def definite(self) -> bool:
        return self.answer.verdict in ("held", "nobody") and not self.answer.possible


def asked_of(played: Day) -> Iterator[Asked]:
    chance = random.Random(2026)
    cluster = clusters.one(played.slug, scope=EVERYTHING, now=END)
    assert cluster is not None
    used = sorted({address for _, address in played.chronicle.intervals})
    free = [f"10.244.0.{number}" for number in range(60, 64)]
    for _ in range(QUESTIONS):
        address = chance.choice(used + free)
        at = START + timedelta(seconds=chance.uniform(1, 86_400 - 1))
        answer = addresses.about(
            parse_address(address), cluster=cluster, scope=EVERYTHING, at=at
        ).asked
        assert answer is not None
        true = played.chronicle.holders(address, at)
        easy = not answer.blind and not _is_near(played, address, at)
        yield Asked(address, at, answer, true, easy)


def _is_near(played: Day, address: str, at: datetime) -> bool:
    return any(
        abs(moment - at) <= EVERY
        for (_, held), intervals in played.chronicle.intervals.items()
        if held == address
        for each in intervals
        for moment in (each.begun, each.ended)
        if moment
    )


def test_a_thousand_questions_about_a_day_get_no_wrong_answer(tmp_path: Path) -> None:
    played = day.play(tmp_path)
    asked = list(asked_of(played))
    easy = [each for each in asked if each.easy]

    assert [each for each in asked if each.wrong] == []
    assert len(easy) > 300
    assert sum(each.definite for each in easy) >= 0.99 * len(easy)
    # The day was worth asking about.
    assert sum(each.answer.blind == "gap" for each in asked) > 10
    assert sum(each.answer.verdict == "possible" for each in asked) > 10
    assert len({each.answer.verdict for each in easy}) == 2
