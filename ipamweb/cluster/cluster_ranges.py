"""Which ranges a cluster cuts its blocks from, and where each was read. Pure.

Three places say it: Cilium's configuration, the flags of kube-controller-manager, and
kubeadm's configuration. Not here: asking for them (detection.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from ipamweb.addressing import ranges, records
from ipamweb.addressing.records import Pool, PoolRange, Problem
from ipamweb.cluster import shapes

Fact = tuple[str, str, str]

# kubernetes cmd/kube-controller-manager/app/core.go.
KUBERNETES_BLOCK_LENGTHS = {4: "24", 6: "64"}
# cilium operator: flags --cluster-pool-ipv4-mask-size and -ipv6-mask-size.
CILIUM_BLOCK_LENGTHS = {4: "24", 6: "112"}
# Flags of kube-controller-manager that say how blocks are made.
FLAGS = (
    "allocate-node-cidrs",
    "cluster-cidr",
    "service-cluster-ip-range",
    "node-cidr-mask-size",
    "node-cidr-mask-size-ipv4",
    "node-cidr-mask-size-ipv6",
)
NAMES = {4: "IPv4", 6: "IPv6"}


@dataclass(frozen=True, slots=True)
class Source:
    """A place that was read: an object, and what was found in it by name."""

    kind: str
    object: str
    values: Mapping[str, str]

    def where(self, name: str) -> str:
        """Return the place of one value, for a person."""
        return f"{self.kind} {self.object}, {name}"


@dataclass(slots=True)
class Found:
    """Pools with the facts they rest on, and what could not be understood."""

    pools: list[Pool] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _ExtraArgument(msgspec.Struct, frozen=True):
    name: str = ""
    value: str | int | bool = ""


class _ControllerManager(msgspec.Struct, frozen=True, rename="camel"):
    """`extraArgs` is a list since kubeadm's v1beta4 and was a map before."""

    extra_args: list[_ExtraArgument] | dict[str, str | int | bool] | None = None


class _Networking(msgspec.Struct, frozen=True, rename="camel"):
    pod_subnet: str = ""
    service_subnet: str = ""


class _ClusterConfiguration(msgspec.Struct, frozen=True, rename="camel"):
    networking: _Networking | None = None
    controller_manager: _ControllerManager | None = None


def kubeadm_source(text: str, found: Found, *, name: str) -> Source | None:
    """Return what kubeadm's ClusterConfiguration says; None, and a Problem, if nothing.

    `podSubnet` stands for the flag --cluster-cidr unless extraArgs name that. Source:
    kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go.
    """
    try:
        configuration = msgspec.yaml.decode(text, type=_ClusterConfiguration)
    except msgspec.DecodeError as error:
        found.problems.append(
            Problem("ConfigMap", name, "data.ClusterConfiguration", str(error))
        )
        return None
    networking = configuration.networking or _Networking()
    values = _extra_arguments(configuration.controller_manager)
    if networking.pod_subnet:
        values["networking.podSubnet"] = networking.pod_subnet
    if networking.service_subnet:
        values["networking.serviceSubnet"] = networking.service_subnet
    return Source("ConfigMap", name, values)


def _extra_arguments(manager: _ControllerManager | None) -> dict[str, str]:
    arguments = manager.extra_args if manager else None
    if isinstance(arguments, dict):
        named = list(arguments.items())
    else:
        named = [(each.name, each.value) for each in arguments or ()]
    return {name: str(value) for name, value in named if name in FLAGS}


def controller_manager_source(pods: Sequence[shapes.CommandPod]) -> Source | None:
    """Return the flags of the first kube-controller-manager that has any; None if none.

    Flags are read as `--flag=value` and `--flag value`, also inside a shell's command.
    """
    for pod in sorted(pods, key=lambda each: each.metadata.name):
        words: list[str] = []
        for container in (pod.spec.containers if pod.spec else None) or ():
            for part in (*(container.command or ()), *(container.args or ())):
                words.extend(part.split())
        values = _flags(words)
        if values:
            name = f"{pod.metadata.namespace}/{pod.metadata.name}"
            return Source("Pod", name, values)
    return None


def _flags(words: list[str]) -> dict[str, str]:
    values = {}
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if not word.startswith("--"):
            continue
        flag, equals, value = word.removeprefix("--").partition("=")
        if flag in FLAGS:
            bare = "true" if following.startswith("--") or not following else following
            values[flag] = value if equals else bare
    return values


def add_facts(sources: Iterable[Source], found: Found) -> None:
    """Add every value of the sources, with the place it was read in."""
    for source in sources:
        found.facts.extend(
            (name, value, source.where(name)) for name, value in source.values.items()
        )


def kubernetes_pools(
    sources: Sequence[Source], found: Found, *, capacity_rule: str
) -> None:
    """Add the pools that Node.spec.podCIDRs are cut from, of the first that says so.

    Slugs kubernetes-v4 and kubernetes-v6.
    """
    for source in sources:
        for name in ("cluster-cidr", "networking.podSubnet"):
            if source.values.get(name):
                _add_kubernetes_pools(source, name, found, capacity_rule)
                return


def _add_kubernetes_pools(
    source: Source, name: str, found: Found, capacity_rule: str
) -> None:
    cut = _ranges(source, name, found)
    families = sorted({each.family for each in cut})
    for family in families:
        length, read_from = _kubernetes_block_length(source, family, len(families))
        block_length = _block_length(source, read_from, length, found, family=family)
        found.pools.append(
            Pool(
                slug=f"kubernetes-v{family}",
                name=f"cluster CIDR {NAMES[family]}",
                system="kubernetes",
                family=family,
                ranges=_pool_ranges(cut, family, block_length),
                capacity_rule=capacity_rule,
                read_from=f"{source.where(name)}; block length: {read_from}",
            )
        )


def _kubernetes_block_length(
    source: Source, family: int, families: int
) -> tuple[str, str]:
    """Return the prefix length of blocks as text, and the name of what says so.

    The flag without a family is refused by kube-controller-manager where there are two.
    """
    names = [f"node-cidr-mask-size-ipv{family}"]
    if families == 1:
        names.append("node-cidr-mask-size")
    for name in names:
        if source.values.get(name, "0") != "0":
            return source.values[name], name
    return KUBERNETES_BLOCK_LENGTHS[family], "default of kube-controller-manager"


def cilium_pools(source: Source, found: Found) -> None:
    """Add the pools of Cilium's mode cluster-pool.

    Slugs cilium-cluster-pool-v4 and -v6. Ranges are parted by blanks or commas. A
    family that is switched off has no pool. Source: cilium operator/option/config.go.
    """
    for family in (4, 6):
        name = f"cluster-pool-ipv{family}-cidr"
        if not source.values.get(name) or not _is_on(source, family):
            continue
        cut = [each for each in _ranges(source, name, found) if each.family == family]
        mask = f"cluster-pool-ipv{family}-mask-size"
        length = source.values.get(mask, "")
        read_from = mask if length else "default of cilium-operator"
        block_length = _block_length(
            source,
            read_from,
            length or CILIUM_BLOCK_LENGTHS[family],
            found,
            family=family,
        )
        found.pools.append(
            Pool(
                slug=f"cilium-cluster-pool-v{family}",
                name=f"cluster pool {NAMES[family]}",
                system="cilium",
                family=family,
                ranges=_pool_ranges(cut, family, block_length),
                capacity_rule="cilium-host-scope",
                read_from=f"{source.where(name)}; block length: {read_from}",
            )
        )


def _is_on(source: Source, family: int) -> bool:
    return source.values.get(f"enable-ipv{family}", "true").lower() != "false"


def _ranges(source: Source, name: str, found: Found) -> list[ranges.Range]:
    """Return the ranges of a value, host bits ignored; what is none is a Problem."""
    cut: list[ranges.Range] = []
    for text in source.values[name].replace(",", " ").split():
        try:
            each = ranges.parse_wide_cidr(text)
            if each not in cut:
                cut.append(each)
            ranges.parse_cidr(text)
        except ValueError as error:
            found.problems.append(Problem(source.kind, source.object, name, str(error)))
    return cut


def _block_length(
    source: Source, name: str, text: str, found: Found, *, family: int
) -> int | None:
    """Return a prefix length; None, and a Problem, where the text is none."""
    if text.isascii() and text.isdigit() and int(text) <= ranges.ADDRESS_BITS[family]:
        return int(text)
    why = f"{text!r} is no prefix length of {NAMES[family]}"
    found.problems.append(Problem(source.kind, source.object, name, why))
    return None


def _pool_ranges(
    cut: list[ranges.Range], family: int, block_length: int | None
) -> tuple[PoolRange, ...]:
    return tuple(
        records.PoolRange(each, block_length) for each in cut if each.family == family
    )
