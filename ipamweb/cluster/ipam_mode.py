"""Which IPAM systems a cluster has, and the mode of the one that serves its pods.

Not here: ranges (cluster_ranges.py), which reader and kinds follow (detection.py).
"""

from ipamweb.cluster import shapes
from ipamweb.cluster.cluster_ranges import Source
from ipamweb.cluster.discovery import Served
from ipamweb.cluster.readers.contract import CILIUM_NODES
from ipamweb.cluster.sight import SAMPLE, Sight, sampled_pod_cidrs

# A group that only this system serves. Calico's second group: see _systems.
SYSTEM_OF_GROUP = {
    "cilium.io": "cilium",
    "crd.projectcalico.org": "calico",
    "crd.antrea.io": "antrea",
    "kubeovn.io": "kube-ovn",
    "k8s.ovn.org": "ovn-kubernetes",
    "crd.k8s.amazonaws.com": "aws-vpc-cni",
    "whereabouts.cni.cncf.io": "whereabouts",
    "spiderpool.spidernet.io": "spiderpool",
    "metallb.io": "metallb",
}
# These add addresses beside the pod network and do not decide its mode.
BESIDE_THE_POD_NETWORK = frozenset({"whereabouts", "spiderpool", "metallb"})
READ_CILIUM_MODES = frozenset({"kubernetes", "cluster-pool"})


def systems_and_mode(
    sight: Sight, cilium: Source | None
) -> tuple[tuple[str, ...], str]:
    """Return the systems, that of the pod network first, and its mode.

    Cilium's mode is its setting `ipam`, and cluster-pool where it has none. CRDs that
    an uninstalled Cilium left behind do not count. Source: cilium pkg/option/config.go.
    """
    systems = _systems(sight.served)
    if cilium:
        mode = cilium.values.get("ipam", "cluster-pool").lower()
    else:
        mode = _sampled_cilium_mode(sight) if "cilium" in systems else ""
    systems = [each for each in systems if each != "cilium"]
    beside = [each for each in systems if each in BESIDE_THE_POD_NETWORK]
    of_the_pod_network = [each for each in systems if each not in beside]
    if mode:
        of_the_pod_network.insert(0, "cilium")
    elif of_the_pod_network:
        mode = of_the_pod_network[0]
    else:
        of_the_pod_network, mode = ["kubernetes"], "kubernetes"
    _say_what_is_not_read(sight, of_the_pod_network[0], mode, beside)
    return (*of_the_pod_network, *beside), mode


def _systems(served: Served) -> list[str]:
    """Return the systems whose groups are served, in a fixed order.

    Group projectcalico.org without ipamblocks is only Calico's aggregated API server.
    """
    systems = [
        name for group, name in SYSTEM_OF_GROUP.items() if group in served.groups
    ]
    if "calico" not in systems and served.has_resource(
        "projectcalico.org", "ipamblocks"
    ):
        systems.append("calico")
    return systems


def _say_what_is_not_read(
    sight: Sight, system: str, mode: str, beside: list[str]
) -> None:
    if system == "cilium" and mode not in READ_CILIUM_MODES:
        sight.problem(
            "mode",
            f"Cilium's IPAM mode {mode!r} is not read yet: nodes, pods and the "
            "podCIDRs of Nodes are shown, what Cilium allots is not",
        )
    elif system not in ("cilium", "kubernetes"):
        sight.problem(
            "mode",
            f"{system} is not read yet: nodes, pods and the podCIDRs of Nodes are "
            f"shown, what {system} allots is not",
        )
    for name in beside:
        sight.problem(
            "systems",
            f"{name} is not read yet: addresses beside the pod network are not shown",
        )


def _sampled_cilium_mode(sight: Sight) -> str:
    """Return the mode as a few CiliumNodes and Nodes show it; "" without CiliumNodes.

    Cilium copies a Node's podCIDRs into its CiliumNode in mode kubernetes, and writes
    its own in cluster-pool; "unknown" where CiliumNodes have none or may not be read.
    """
    if not sight.served.has(CILIUM_NODES):
        return ""
    sample = sight.read_if_there(
        CILIUM_NODES.path,
        shapes.ObjectList[shapes.CiliumNode],
        right="list ciliumnodes.cilium.io",
        query={"limit": SAMPLE},
    )
    cilium_nodes = (sample.items if sample else None) or []
    if sample and not cilium_nodes:
        return ""
    own = {
        cidr
        for node in cilium_nodes
        if node.spec and node.spec.ipam
        for cidr in node.spec.ipam.pod_cidrs or ()
    }
    mode = "unknown"
    if own:
        mode = "kubernetes" if own & sampled_pod_cidrs(sight) else "cluster-pool"
    where = "CiliumNode spec.ipam.podCIDRs compared with Node spec.podCIDRs"
    sight.found.facts.append(("ipam", mode, where))
    sight.problem(
        "mode",
        f"cilium-config could not be read; the mode {mode!r} is concluded from "
        "CiliumNodes and Nodes",
    )
    return mode
