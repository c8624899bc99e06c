"""One reader for each way of handing out addresses, and their registry.

Not here: choosing one for a cluster (detection.py).
"""

from ipamweb.cluster.readers import cilium_cluster_pool, node_pod_cidr
from ipamweb.cluster.readers.contract import Reader

READERS: dict[str, Reader] = {
    "node_pod_cidr": node_pod_cidr,
    "cilium_cluster_pool": cilium_cluster_pool,
}
