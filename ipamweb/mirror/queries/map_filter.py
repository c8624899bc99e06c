"""The words of a map's filter: what each may be, and the condition it comes to.

A word that names an owner is answered for owners inside the scope only: it must not
tell whether a hidden pod exists. Not here: what is made of the hits (map_mask.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from ipamweb.addressing.ranges import Range, parse_address, parse_wide_cidr
from ipamweb.addressing.records import KINDS
from ipamweb.cidrmap import legend
from ipamweb.mirror.models import Node, Pod
from ipamweb.mirror.queries.allocation_filters import STATES
from ipamweb.mirror.queries.map_cells import inside
from ipamweb.mirror.scope import Scope

MOST_WORDS = 8
_AGE = re.compile(r"([1-9][0-9]{0,5})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class NotAFilter(ValueError):
    """A filter that cannot be read, as one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Of which cluster a filter is asked, by whom, and up to which instant."""

    cluster_id: int
    scope: Scope
    as_of: datetime


def matching(text: str, *, asker: Asker) -> Q:
    """Return the condition on open allocations that a filter comes to.

    Raises NotAFilter with a sentence that names what is accepted.
    """
    words = text.split()
    if not words:
        raise NotAFilter(f"The filter is empty; its words are {_ACCEPTED}.")
    if len(words) > MOST_WORDS:
        raise NotAFilter(f"The filter has {len(words)} words; at most {MOST_WORDS}.")
    condition = Q()
    for word in words:
        condition &= _condition(word, asker)
    return condition


def _condition(word: str, asker: Asker) -> Q:
    name, colon, value = word.partition(":")
    # An IPv6 address has colons too.
    if not colon or _as_range(word):
        return _free_text(word, asker)
    if name not in _WORDS or not value:
        raise NotAFilter(f"{word[:60]!r} is no word of a filter: {_ACCEPTED}.")
    return _WORDS[name](value, asker)


def _namespace(value: str, asker: Asker) -> Q:
    return _of_pods(Q(namespace_name=value), asker)


def _pod(value: str, asker: Asker) -> Q:
    return _of_pods(_pod_named(value), asker)


def _node(value: str, asker: Asker) -> Q:
    return _of_nodes(Q(name__contains=value.lower()), asker)


def _zone(value: str, asker: Asker) -> Q:
    return _of_nodes(Q(zone=value), asker)


def _kind(value: str, asker: Asker) -> Q:
    kind = legend.kind_of_word(value.lower())
    if kind not in KINDS:
        codes = ", ".join(legend.STATES[each].code for each in KINDS)
        raise NotAFilter(
            f"{value[:60]!r} is no kind; kinds are {', '.join(KINDS)}, or in short "
            f"{codes}."
        )
    return Q(kind=kind)


def _state(value: str, asker: Asker) -> Q:
    if value not in STATES:
        raise NotAFilter(f"{value[:60]!r} is no state; it is {', '.join(STATES)}.")
    return STATES[value]


def _older(value: str, asker: Asker) -> Q:
    found = _AGE.fullmatch(value)
    if not found:
        raise NotAFilter(
            f"{value[:60]!r} is no age; it is a number of s, m, h, d or w, such as 7d."
        )
    age = timedelta(seconds=int(found[1]) * _SECONDS[found[2]])
    try:
        return Q(valid_from__lte=asker.as_of - age)
    except OverflowError:
        return Q(pk__in=[])


_WORDS: dict[str, Callable[[str, Asker], Q]] = {
    "ns": _namespace, "pod": _pod, "node": _node, "zone": _zone, "kind": _kind,
    "state": _state, "older": _older,
}  # fmt: skip
_ACCEPTED = (
    f"{', '.join(f'{name}:' for name in _WORDS)} and text that is an address, a CIDR, "
    "a part of a name, or namespace/pod"
)


def _free_text(word: str, asker: Asker) -> Q:
    if asked := _as_range(word):
        return inside(asked)
    owner = _of_pods(_pod_named(word), asker)
    return owner if "/" in word else owner | _node(word, asker)


def _pod_named(word: str) -> Q:
    namespace, slash, name = word.lower().partition("/")
    if slash:
        return Q(namespace_name=namespace, name__contains=name)
    return Q(name__contains=namespace)


def _of_pods(asked: Q, asker: Asker) -> Q:
    pods = Pod.objects.filter(asked, cluster_id=asker.cluster_id, gone_at=None)
    if not asker.scope.everything:
        pods = pods.filter(namespace_uid__in=asker.scope.uids_in(asker.cluster_id))
    return Q(owner_key__in=pods.values("uid"))


def _of_nodes(asked: Q, asker: Asker) -> Q:
    nodes = Node.objects.filter(asked, cluster_id=asker.cluster_id)
    return Q(node_id__in=nodes.values("id"))


def _as_range(word: str) -> Range | None:
    try:
        if "/" in word:
            return parse_wide_cidr(word)
        address = parse_address(word)
    except ValueError:
        return None
    return Range(address, address)
