"""The demo cluster: everything worth seeing, and two weeks in which it came about.

Two IPv4 ranges, the first given away whole, and an IPv6 one; nodes that are nearly full
and nodes that idle; a leaked address, two pods with one address; a node that went and
came back with another block.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ipamweb.simulator.churn import Changes, Churn
from ipamweb.simulator.facts import PodFacts
from ipamweb.simulator.pod_objects import pod_object
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.shelf import DELETED, MODIFIED
from ipamweb.simulator.store import TimedChange

HISTORY = timedelta(days=14)
DEMO = Scenario(
    nodes=22,
    pods_per_node=24,
    dual_stack=True,
    seed=2026,
    ipv4_cidrs=("10.20.0.0/22", "10.30.0.0/22"),
    ipv4_mask=26,
    ipv6_cidrs=("fd00:20::/108",),
    ipv6_mask=120,
    weights=(1.0, 1.2, 2.9, 0.9, 1.1, 0.15, 1.4, 1.0, 0.7, 2.2, 0.3),
    ingress=True,
    # Some 10,000 changes in two weeks.
    churn=0.008,
    script="demo",
)
# Pod changes a second while somebody looks.
LIVE_CHURN = 1.0
RETURNING_NODE = "worker-09"


def plan_demo(churn: Churn, start: datetime) -> None:
    """Make the first leak and the first pair, and plan what the two weeks bring."""
    pods = _running_pods(churn)
    churn.world.leak_pod(next(pods))
    _share_address(churn, next(pods), of=next(pods))
    churn.at(start + timedelta(days=5, hours=2), lambda at: _drain(churn, at))
    churn.at(start + timedelta(days=5, hours=5), lambda at: _return(churn, at))
    churn.at(start + timedelta(days=9, hours=7), lambda at: _leak(churn, at))
    churn.at(start + timedelta(days=11, hours=15), lambda at: _pair(churn, at))


def _drain(churn: Churn, moment: datetime) -> Changes:
    node = churn.world.nodes[RETURNING_NODE]
    return churn.remove_node(moment, node=node)


def _return(churn: Churn, moment: datetime) -> Changes:
    return churn.add_node(moment, name=RETURNING_NODE)


def _leak(churn: Churn, moment: datetime) -> Changes:
    """A pod is deleted, and its CiliumEndpoint stays."""
    pod = next(_running_pods(churn))
    churn.world.leak_pod(pod)
    yield TimedChange(moment, DELETED, "pods", pod_object(pod))


def _pair(churn: Churn, moment: datetime) -> Changes:
    """After a restart a pod has the address of another one."""
    pods = _running_pods(churn)
    pod = next(pods)
    _share_address(churn, pod, of=next(pods))
    pod.restarts += 1
    yield TimedChange(moment, MODIFIED, "pods", pod_object(pod))


def _share_address(churn: Churn, pod: PodFacts, *, of: PodFacts) -> None:
    churn.world.duplicate_addresses(pod, of=of)
    churn.kept |= {pod.key, of.key}


def _running_pods(churn: Churn) -> Iterator[PodFacts]:
    """Yield running pods of Deployments and StatefulSets that are not on show yet."""
    for pod in list(churn.world.pods.values()):
        if (
            pod.phase == "Running"
            and not pod.deleted
            and pod.key not in churn.kept
            and pod.workload.kind in ("ReplicaSet", "StatefulSet")
        ):
            yield pod
