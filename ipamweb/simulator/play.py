"""A scenario set in motion: its world at an instant, and its changes from there on."""

from collections.abc import Callable
from datetime import datetime

from ipamweb.simulator.churn import Changes, Churn
from ipamweb.simulator.demo import plan_demo
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.world import World

SCRIPTS: dict[str, Callable[[Churn, datetime], None]] = {"demo": plan_demo}


def begin(scenario: Scenario, *, start: datetime) -> Churn:
    """Return the scenario's churn at the start; its `world` has not changed yet."""
    churn = Churn(World(scenario, at=start), rate=scenario.churn, start=start)
    if scenario.script:
        SCRIPTS[scenario.script](churn, start)
    return churn


def events(scenario: Scenario, *, start: datetime, end: datetime) -> Changes:
    """Yield what happens between two instants, the same every time, to a store that
    holds the scenario as of the start."""
    yield from begin(scenario, start=start).changes(end)
