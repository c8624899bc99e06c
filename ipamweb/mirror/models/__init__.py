"""The tables, one subject a module; see the data model in docs for what a row means."""

from ipamweb.mirror.models.allocations import Allocation, PastAllocation
from ipamweb.mirror.models.clusters import Cluster, ClusterVersion, Cursor, Lease
from ipamweb.mirror.models.places import (
    Namespace,
    NamespaceVersion,
    Node,
    NodeRecord,
    NodeVersion,
)
from ipamweb.mirror.models.pods import Endpoint, Pod
from ipamweb.mirror.models.runs import CoverageGap, PollCount, Problem, SyncRun
from ipamweb.mirror.models.space import Block, Pool, PoolRange, Reservation

__all__ = [
    "Allocation",
    "Block",
    "Cluster",
    "ClusterVersion",
    "CoverageGap",
    "Cursor",
    "Endpoint",
    "Lease",
    "Namespace",
    "NamespaceVersion",
    "Node",
    "NodeRecord",
    "NodeVersion",
    "PastAllocation",
    "Pod",
    "PollCount",
    "Pool",
    "PoolRange",
    "Problem",
    "Reservation",
    "SyncRun",
]
