"""What a reading says happened to an object, and between which instants. Pure.

A change is a claim with its proof: `how` says whether it was seen in a list or a watch,
or why something is gone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

Record = TypeVar("Record")

SeenHow = Literal["list", "watch"]
# A DELETED event; absence from a complete list; a new UID under the same name; a
# terminal phase; another address of the same family; an operator's act; the system that
# handed it out is not there any more.
GoneHow = Literal[
    "watch", "absence", "replaced", "terminal", "ip-change", "operator", "uninstalled"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which instants of our clock the changes of a reading happened.

    `previous`: everything up to here was known already; None at a first reading.
    `asked_at` ≤ the instant the state is true of ≤ `answered_at`.
    """

    previous: datetime | None
    asked_at: datetime
    answered_at: datetime

    def opening(self, created_at: datetime | None) -> tuple[datetime, datetime]:
        """Return (from_earliest, valid_from) of what was seen now and not before.

        Worked example: known up to 12:00:00, created 12:00:03, answered 12:00:05 gives
        (12:00:03, 12:00:05); a creation after the answer (a server's clock ahead of
        ours) is not believed beyond it.
        """
        earliest = self.previous or created_at or self.answered_at
        if created_at and created_at > earliest:
            earliest = created_at
        return min(earliest, self.answered_at), self.answered_at

    def closing(self, valid_from: datetime) -> tuple[datetime, datetime]:
        """Return (valid_to, to_latest) of what was held and is known gone now.

        Never before `valid_from`, also where our clock has gone back since.
        """
        last_held = min(self.previous or valid_from, self.answered_at)
        valid_to = max(last_held, valid_from)
        return valid_to, max(valid_to, self.answered_at)


@dataclass(frozen=True, slots=True)
class Seen(Generic[Record]):
    """An object as it is (or was, inside a drain).

    `sequence` is its place in a drain; 0 in a list, which has no order.
    """

    sequence: int
    record: Record
    how: SeenHow
    # Of the record (staging.py), where it was made already.
    digest: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """An object that is no more."""

    sequence: int
    uid: str
    how: GoneHow


def is_newer(version: str, *, than: str, how: SeenHow) -> bool:
    """Say whether a resourceVersion may overwrite another.

    Versions are comparable integers inside one epoch (KEP-5504); an event may write
    only with a greater one. A complete list is a consistent read, made after all that
    is mirrored: an older version in it proves that the cluster's past was restored.
    """
    if how == "list" or not than:
        return True
    if not (version.isdigit() and than.isdigit()):
        return False
    return int(version) > int(than)


def is_older(version: str, *, than: str) -> bool:
    """Say whether a resourceVersion lies before another; False where none can tell."""
    return version.isdigit() and than.isdigit() and int(version) < int(than)
