"""The workloads of the simulated cluster: teams, their namespaces, and what they run.

Not here: how many pods each has, and where (world.py).
"""

from itertools import chain
from random import Random

from ipamweb.simulator.facts import Workload

SYSTEM_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
MONITORING = "monitoring"
# Limit of pods in a namespace: kubernetes/community sig-scalability thresholds.md:
# 3,000.
PODS_PER_COPY = 10_000
_SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
# Namespace, kind of the pods' controller, name of the workload.
_CATALOG = (
    ("team-shop", "ReplicaSet", "cart"),
    ("team-payments", "ReplicaSet", "ledger"),
    ("team-search", "ReplicaSet", "web"),
    ("team-payments", "StatefulSet", "ledger-db"),
    ("team-media", "ReplicaSet", "transcoder"),
    ("team-payments", "Job", "settlement"),
    ("team-shop", "ReplicaSet", "checkout"),
    ("team-data", "StatefulSet", "kafka"),
    ("team-search", "StatefulSet", "index"),
    ("team-data", "ReplicaSet", "ingest"),
    ("team-media", "Job", "thumbnails"),
    ("team-shop", "ReplicaSet", "catalogue"),
)


def new_uid(random: Random) -> str:
    """Return a UID of version 4, the same for the same seed."""
    text = f"{random.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-9{text[17:20]}-{text[20:]}"


def suffix(random: Random) -> str:
    """Return five letters as apimachinery's rand.String gives them to pods."""
    return "".join(random.choices(_SUFFIX_LETTERS, k=5))


def team_workloads(pod_count: int, random: Random) -> list[Workload]:
    """Return what the teams run; large clusters have more namespaces of each team."""
    copies = range(1 + pod_count // PODS_PER_COPY)
    return list(chain.from_iterable(_copy(number, random) for number in copies))


def _copy(number: int, random: Random) -> list[Workload]:
    ending = f"-{number + 1}" if number else ""
    return [
        _workload(f"{namespace}{ending}", kind=kind, name=name, random=random)
        for namespace, kind, name in _CATALOG
    ]


def _workload(namespace: str, *, kind: str, name: str, random: Random) -> Workload:
    controller = name
    if kind == "ReplicaSet":
        controller = f"{name}-{random.getrandbits(40):010x}"
    elif kind == "Job":
        # A CronJob's Jobs are named by the minute since 1970.
        controller = f"{name}-{29_300_000 + random.randrange(100_000)}"
    return Workload(namespace, kind, controller, controller, new_uid(random), name)


def next_job(workload: Workload, *, minute: int, random: Random) -> Workload:
    """Return the Job that a CronJob makes next, named by that minute since 1970."""
    name = f"{workload.app}-{minute}"
    return Workload(
        workload.namespace, "Job", name, name, new_uid(random), workload.app
    )


def agents(system: str, random: Random) -> list[Workload]:
    """Return what runs on every node, on its own network: the CNI's agent, metrics."""
    agent = "kube-proxy" if system == "kubernetes" else "cilium"
    return [
        _agent("kube-system", name=agent, random=random),
        _agent(MONITORING, name="node-exporter", random=random),
    ]


def _agent(namespace: str, *, name: str, random: Random) -> Workload:
    uid = new_uid(random)
    return Workload(namespace, "DaemonSet", name, name, uid, name, host_network=True)


def controller_manager(flags: tuple[str, ...], *, node: str, uid: str) -> Workload:
    """Return the static pod whose flags tell the cluster's ranges."""
    name = "kube-controller-manager"
    stem = f"{name}-{node}"
    return Workload(
        "kube-system",
        "Node",
        node,
        stem,
        uid,
        name,
        host_network=True,
        command=(name, *flags),
    )
