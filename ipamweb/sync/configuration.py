"""Looks whether the configuration changed, between two complete lists.

An edit of it, a range that was appended, would else be known an hour late, and what
nodes are given out of it would seem to come from nowhere. A change makes the poll a
complete one, which detects the cluster anew. Not here: what follows (detected.py).
"""

from datetime import datetime, timedelta

from django.conf import settings

from ipamweb.cluster import detection
from ipamweb.cluster.cluster_ranges import Fact
from ipamweb.cluster.errors import ClusterError
from ipamweb.cluster.objects import Asks
from ipamweb.mirror.models import Cluster
from ipamweb.sync import detected

# Twice in the shortest grace period of a finding.
EVERY = timedelta(minutes=1)


def has_changed(cluster: Cluster, session: Asks, *, now: datetime) -> bool:
    """Say whether the configuration differs from what was detected of it last.

    Asks three questions, once in EVERY. One that is not answered is no change and fails
    no poll: the configuration is then as old as it is. The cluster's row takes the
    times, and is not saved.
    """
    asked = cluster.configuration_asked_at
    # A clock that was set back asks too: else it would ask nothing for so long.
    if asked is not None and timedelta(0) <= now - asked < EVERY:
        return False
    cluster.configuration_asked_at = now
    try:
        stated = detection.stated(
            session, cilium_namespace=settings.IPAMWEB_CILIUM_NAMESPACE
        )
    except ClusterError:
        return False
    if detected.lost_rights(cluster, stated.refused):
        return False
    if _differ(stated.facts, detected.stored_facts(cluster)):
        return True
    _move(cluster, now)
    return False


def note_detection(
    cluster: Cluster, found: detection.Detection, *, now: datetime
) -> None:
    """Note that the configuration was read with a detection, unless a part of it may
    not be read any more. The cluster's row is not saved."""
    cluster.configuration_asked_at = now
    if not detected.lost_rights(cluster, found.refused):
        _move(cluster, now)


def _move(cluster: Cluster, now: datetime) -> None:
    """Move on the time as of which the configuration is known; never back."""
    before = cluster.configuration_as_of
    cluster.configuration_as_of = max(before, now) if before else now


def _differ(stated: tuple[Fact, ...], stored: list[Fact]) -> bool:
    """Say whether other things are stated. That of flags none are to be seen is no
    change: the pod of a control plane that starts again is away for a while, and
    another replica may stand in for it."""
    now, before = _by_place(stated), _by_place(stored)
    places = {"ConfigMap", "Pod"} if "Pod" in now else {"ConfigMap"}
    return any(now.get(place, set()) != before.get(place, set()) for place in places)


def _by_place(facts: tuple[Fact, ...] | list[Fact]) -> dict[str, set[Fact]]:
    """Return facts by the kind of object that states them; a pod is not named."""
    found: dict[str, set[Fact]] = {}
    for name, value, where in facts:
        kind = where.partition(" ")[0]
        place = where if kind == "ConfigMap" else ""
        found.setdefault(kind, set()).add((name, value, place))
    return found
