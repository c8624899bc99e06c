"""What a rule is and what it finds. Pure and frozen; no rows, no clock.

A candidate is what one look at the mirror shows; whether it is called a finding is for
lifecycle.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

# The worst first; stored as the place in this list.
SEVERITIES = ("critical", "high", "medium", "low")
CRITICAL, HIGH, MEDIUM, LOW = SEVERITIES

# A record whose private values are words of the cluster: they may name anything.
CNI_RECORD = "CiliumNode"

Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule says of itself to a person.

    `id` is that of the fault catalogue, or C… for a check of the configuration;
    `guard` says why a race or a lawful state is not taken for the fault; `step` what a
    person may do, and `steps` what in an IPAM mode that has a way of its own. A fault
    that is seen for less than `grace` is only suspected. Unless it holds `anywhere`, a
    rule is asked only where pods get addresses out of the CIDRs of their nodes. What
    rests on the `configuration` is asked only while that is as fresh as the rest.
    """

    id: str
    kind: str
    title: str
    sentence: str
    guard: str
    step: str
    steps: Values = ()
    grace: timedelta = timedelta(minutes=2)
    anywhere: bool = False
    configuration: bool = False

    def step_in(self, mode: str) -> str:
        """Return what a person may do in a cluster of a mode."""
        return dict(self.steps).get(mode, self.step)


@dataclass(frozen=True, slots=True)
class Record:
    """One side of a finding: what an object said, and since when we know.

    `name`, `uid` and `private` may be kept from a reader by the namespace's UID, which
    is empty of what belongs to none; `values` are for all.
    """

    what: str
    name: str
    read_from: str
    uid: str = ""
    namespace_uid: str = ""
    since: datetime | None = None
    values: Values = ()
    private: Values = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: a pod, node, pool, block, address, or the cluster.

    `uid` of a pod; a pool's name is its slug.
    """

    kind: str
    name: str
    uid: str = ""
    namespace_uid: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fault as one look shows it; `key` tells it from others of its rule.

    `message` and `command` name nobody but the subject.
    """

    key: str
    subject: Subject
    severity: str
    message: str
    records: tuple[Record, ...]
    command: str


def digest(uids: Iterable[str]) -> str:
    """Return a short key of a set of UIDs, whatever their order."""
    return sha256(" ".join(sorted(uids)).encode()).hexdigest()[:32]
