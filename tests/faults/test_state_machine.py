"""Plays the state machine, and again what it once found."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.machine import ClusterMachine

pytestmark = pytest.mark.django_db
# The same examples each time. IPAMWEB_TEST_EXAMPLES tries as many others, longer ones.
EXAMPLES = int(os.environ.get("IPAMWEB_TEST_EXAMPLES", "0"))
USUAL = settings(
    max_examples=EXAMPLES or 6,
    stateful_step_count=30 if EXAMPLES else 20,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[ClusterMachine]:
    ClusterMachine.folder = tmp_path
    ClusterMachine.patch = monkeypatch
    return ClusterMachine


def test_R1_R2_R3_R7_R8_R9_whatever_happens_nothing_is_falsely_released(
    machine: type[ClusterMachine],
) -> None:
    run_state_machine_as_test(machine, settings=USUAL)


def begun(machine: type[ClusterMachine]) -> ClusterMachine:
    state = machine()
    state.begin()
    return state


def test_regression_1_a_pod_that_a_false_stream_told_is_gone_by_the_next_list(
    machine: type[ClusterMachine],
) -> None:
    """Made and deleted before an audit, the deletion told to nobody."""
    state = begun(machine)
    state.create("one", "shop", on="worker-a", cidr="10.244.1.0/24", host=4)
    state.take_away("shop/one", announced=False)
    state.poll_and_compare(complete=True)
    state.poll_and_compare(complete=True)
    state.the_mirror_holds()
    state.teardown()


def test_regression_2_a_restore_after_a_change_nobody_mirrors(
    machine: type[ClusterMachine],
) -> None:
    """The row keeps a version that the restored cluster reaches again later."""
    state = begun(machine)
    state.begin_deletion(0)
    state.poll_a_drain()
    state.restore(back=1, writes=0)
    state.poll_a_drain()
    state.give(0, "10.244.2.0/24", host=3, dual=False)
    state.poll_a_drain()
    state.the_mirror_holds()
    state.teardown()
