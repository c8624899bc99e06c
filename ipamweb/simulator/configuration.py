"""The ConfigMaps and flags in which a cluster states its ranges, true to a scenario.

Sources: cilium pkg/option/config.go, operator/option/config.go; kubeadm v1beta4.
"""

from ipamweb.simulator.scenario import SERVICE_CIDRS, Scenario


def cilium_config(scenario: Scenario) -> dict[str, str]:
    """Return the data of kube-system/cilium-config."""
    ipv6 = _flag(scenario.dual_stack)
    data = {
        "cluster-name": "default",
        "enable-ipv4": "true",
        "enable-ipv6": ipv6,
        "ipam": "kubernetes" if scenario.node_has_cidrs else "cluster-pool",
        "ipam-cilium-node-update-rate": "15s",
        "routing-mode": "tunnel",
        "tunnel-protocol": "vxlan",
        "enable-health-checking": "true",
        "enable-endpoint-health-checking": "true",
        "enable-envoy-config": _flag(scenario.ingress),
        "k8s-require-ipv4-pod-cidr": "true",
        "k8s-require-ipv6-pod-cidr": ipv6,
    }
    if scenario.node_has_cidrs:
        return data
    for family in scenario.families:
        # The items of a list option are separated by blanks here.
        cidrs = " ".join(str(cidr) for cidr in scenario.cidrs(family))
        data[f"cluster-pool-ipv{family}-cidr"] = cidrs
        data[f"cluster-pool-ipv{family}-mask-size"] = str(scenario.mask(family))
    return data


def kubeadm_config(scenario: Scenario) -> dict[str, str]:
    """Return the data of kube-system/kubeadm-config; pods' ranges where they count."""
    lines = [
        "apiServer: {}",
        "apiVersion: kubeadm.k8s.io/v1beta4",
        "clusterName: kubernetes",
    ]
    if scenario.node_has_cidrs:
        lines += ["controllerManager:", "  extraArgs:"]
        for name, text in _flags(scenario).items():
            quoted = f'"{text}"' if text == "true" or text.isdigit() else text
            lines += [f"  - name: {name}", f"    value: {quoted}"]
    lines += [
        "kind: ClusterConfiguration",
        "kubernetesVersion: v1.36.2",
        "networking:",
        "  dnsDomain: cluster.local",
    ]
    if scenario.node_has_cidrs:
        lines.append(f"  podSubnet: {_pod_subnet(scenario)}")
    lines.append(f"  serviceSubnet: {_service_subnet(scenario)}")
    return {"ClusterConfiguration": "\n".join(lines) + "\n"}


def controller_manager_flags(scenario: Scenario) -> tuple[str, ...]:
    """Return the flags of kube-controller-manager that concern addresses."""
    flags = _flags(scenario) if scenario.node_has_cidrs else {}
    flags = flags | {"service-cluster-ip-range": _service_subnet(scenario)}
    return tuple(f"--{name}={text}" for name, text in flags.items())


def _flags(scenario: Scenario) -> dict[str, str]:
    flags = {"allocate-node-cidrs": "true", "cluster-cidr": _pod_subnet(scenario)}
    if not scenario.dual_stack:
        return flags | {"node-cidr-mask-size": str(scenario.mask(4))}
    # The plain flag is refused with two families.
    masks = {
        f"node-cidr-mask-size-ipv{family}": str(scenario.mask(family))
        for family in scenario.families
    }
    return flags | masks


def _pod_subnet(scenario: Scenario) -> str:
    firsts = [scenario.cidrs(family)[0] for family in scenario.families]
    return ",".join(str(cidr) for cidr in firsts)


def _service_subnet(scenario: Scenario) -> str:
    return ",".join(SERVICE_CIDRS if scenario.dual_stack else SERVICE_CIDRS[:1])


def _flag(value: bool) -> str:
    return "true" if value else "false"
