"""Reads the text of a filter. Each function raises ValueError with half a sentence.

Not here: what is said around it, which pages and REST each do in their own way.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.utils.dateparse import parse_datetime

# Longer than any name in Kubernetes.
MOST_TEXT = 300
# What is counted back or on from an instant is still a date.
FIRST_YEAR, LAST_YEAR = 1970, 9000
DURATION = re.compile(r"[1-9][0-9]{0,5}[smhdw]")
# Further back there is no datetime to count from.
LONGEST = timedelta(days=36_500)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def read_text(value: str) -> str:
    if len(value) > MOST_TEXT or "\0" in value:
        raise ValueError(f"at most {MOST_TEXT} characters of text are accepted")
    return value


def one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    """Return what reads one of a few words, and refuses all others."""

    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is not accepted")
        return value

    return read


def read_family(value: str) -> int:
    return int(one_of(("4", "6"))(value))


def read_instant(value: str) -> datetime:
    """Return an instant. Raises ValueError where the zone is left out: it would have to
    be guessed."""
    # In a URL a plus sign that was not escaped arrives as a blank.
    moment = parse_datetime(value.replace(" ", "+"))
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{value!r} is no RFC 3339 time with a zone")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(
            f"{value!r} is out of range: years are {FIRST_YEAR} to {LAST_YEAR}"
        )
    return moment.astimezone(UTC)


def write_instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def read_duration(value: str) -> timedelta:
    """Return a duration: read_duration("90m") is an hour and a half."""
    if not DURATION.fullmatch(value):
        raise ValueError(f"{value!r} is no duration")
    found = timedelta(seconds=int(value[:-1]) * _SECONDS[value[-1]])
    if found > LONGEST:
        raise ValueError(f"{value!r} is longer than a hundred years")
    return found


def write_duration(length: timedelta) -> str:
    """Return the shortest text of a duration: an hour and a half is "90m"."""
    seconds = int(length.total_seconds())
    unit = max(
        (unit for unit, each in _SECONDS.items() if seconds % each == 0),
        key=lambda unit: _SECONDS[unit],
    )
    return f"{seconds // _SECONDS[unit]}{unit}"
