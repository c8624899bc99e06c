"""Clusters that live by themselves: nothing is wrong in a healthy one, whatever its
churn, and in the demo what it was given to show is found, and no more.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ipamweb.access.models import ClusterConnection
from ipamweb.findings import check
from ipamweb.findings.models import Finding
from ipamweb.simulator.demo import DEMO
from ipamweb.simulator.play import begin
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.server import Simulator
from ipamweb.sync import sessions
from ipamweb.sync.pace import Pace
from ipamweb.sync.poll import poll

START = datetime(2026, 11, 22, tzinfo=UTC)
EVERY = timedelta(minutes=2)
PACE = Pace(EVERY, timedelta(hours=12))

pytestmark = pytest.mark.django_db


def _same(now: datetime) -> datetime:
    return now


def live(scenario: Scenario, *, looks: int, folder: Path) -> Counter[tuple[str, str]]:
    """Mirror a cluster, look at it after each poll; count what is found."""
    sessions.forget_all()
    now = START
    simulator = Simulator(clock=partial(_same, START))
    if not scenario.has_cilium:
        simulator.store.groups.discard("cilium.io")
    simulator.watch_options.bookmark_seconds = 0.002
    with simulator.running():
        file = simulator.kubeconfig(folder / "kubeconfig", user="reader")
        connection = ClusterConnection.objects.create(slug="c", kubeconfig=str(file))
        churn = begin(scenario, start=START)
        churn.world.load(simulator.store)
        changes = churn.changes(START + looks * EVERY)
        waiting = next(changes, None)
        for _ in range(looks):
            poll(connection, clock=partial(_same, now), pace=PACE)
            check.run(now=now)
            now += EVERY
            while waiting and waiting.at <= now:
                simulator.store.apply(waiting)
                waiting = next(changes, None)
        sessions.forget_all()
    return Counter(Finding.objects.values_list("rule", "state"))


def confirmed(found: Counter[tuple[str, str]]) -> dict[str, int]:
    return {rule: n for (rule, state), n in found.items() if state == "confirmed"}


@pytest.mark.parametrize("dual_stack", [False, True])
@pytest.mark.parametrize(
    "system", ["kubernetes", "cilium-kubernetes", "cilium-cluster-pool"]
)
def test_in_a_healthy_cluster_nothing_is_found(system, dual_stack, tmp_path):
    scenario = Scenario(
        system=system, dual_stack=dual_stack, nodes=4, pods_per_node=12, churn=0.05
    )

    found = live(scenario, looks=12, folder=tmp_path)

    assert confirmed(found) == {}


def test_in_the_demo_what_it_shows_is_found(tmp_path):
    """A pair in both families, two hot nodes, a leaked endpoint, blocks of 62 addresses
    for 110 pods."""
    found = live(replace(DEMO, churn=0.02), looks=12, folder=tmp_path)

    assert confirmed(found) == {"F07": 2, "F12": 2, "F25": 1, "F30": 1}
