from collections import Counter
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipamweb.addressing.records import Reading
from ipamweb.cluster.readers import READERS
from ipamweb.cluster.readers.contract import (
    NODES,
    PODS,
    Listed,
    ReaderSettings,
    listed_of,
    read_each,
)
from tests.cluster.recorded import ALL_KINDS, RECORDINGS, decoded, listed

UIDS = st.sampled_from(["", "u1", "u2", "u3"])
ADDRESSES = st.sampled_from(["10.0.2.9", "10.0.2.10", "fd00::9", "fe80::1%a", "x", ""])
CIDRS = st.lists(
    st.sampled_from(["10.0.2.0/24", "10.0.2.7/24", "fd00::/64", "x"]), max_size=3
)
METADATA = st.fixed_dictionaries(
    {"uid": UIDS, "name": st.sampled_from(["a", "b"])},
    optional={
        "namespace": st.sampled_from(["shop", "bank"]),
        "creationTimestamp": st.sampled_from(["2026-11-22T21:25:09Z", "soon"]),
        "generateName": st.just("a-"),
        "ownerReferences": st.just(
            [{"kind": "Node", "uid": "n", "name": "a", "controller": True}]
        ),
        "labels": st.just({"agentpool": "general"}),
        "annotations": st.just({"network.cilium.io/ipv4-cilium-host": "10.0.2.236"}),
    },
)
PAIRS = st.fixed_dictionaries({"ipv4": ADDRESSES, "ipv6": ADDRESSES})
OBJECTS = {
    "namespaces": st.fixed_dictionaries({"metadata": METADATA}),
    "nodes": st.fixed_dictionaries(
        {
            "metadata": METADATA,
            "spec": st.fixed_dictionaries({"podCIDRs": CIDRS}),
            "status": st.fixed_dictionaries(
                {"allocatable": st.fixed_dictionaries({"pods": ADDRESSES})}
            ),
        }
    ),
    "pods": st.fixed_dictionaries(
        {
            "metadata": METADATA,
            "status": st.fixed_dictionaries(
                {
                    "podIPs": st.lists(
                        st.fixed_dictionaries({"ip": ADDRESSES}), max_size=3
                    )
                }
            ),
        }
    ),
    "ciliumnodes": st.fixed_dictionaries(
        {
            "metadata": METADATA,
            "spec": st.fixed_dictionaries(
                {
                    "health": PAIRS,
                    "ingress": PAIRS,
                    "ipam": st.fixed_dictionaries({"podCIDRs": CIDRS}),
                }
            ),
        }
    ),
    "ciliumendpoints": st.fixed_dictionaries(
        {
            "metadata": METADATA,
            "status": st.fixed_dictionaries(
                {
                    "networking": st.fixed_dictionaries(
                        {"addressing": st.lists(PAIRS, max_size=2)}
                    )
                }
            ),
        }
    ),
}
LISTED = st.fixed_dictionaries(
    {name: st.lists(objects, max_size=3) for name, objects in OBJECTS.items()}
)
SETTINGS = ReaderSettings("cilium-host-scope", cilium=True, node_annotations=True)


def contents(*readings: Reading) -> dict[str, Counter[Any]]:
    """Return how often each record stands in the readings together."""
    return {
        field.name: Counter(
            record for reading in readings for record in getattr(reading, field.name)
        )
        for field in fields(Reading)
    }


@pytest.mark.parametrize("name", READERS)
@given(one=LISTED, other=LISTED)
def test_reading_two_pages_is_reading_each(
    name: str, one: dict[str, list[Any]], other: dict[str, list[Any]]
) -> None:
    reader = READERS[name]
    both = listed(**{key: one[key] + other[key] for key in one})

    together = reader.read(both, SETTINGS)
    apart = (
        reader.read(listed(**one), SETTINGS),
        reader.read(listed(**other), SETTINGS),
    )

    assert contents(together) == contents(*apart)


@pytest.mark.parametrize("name", READERS)
def test_reading_nothing_is_nothing(name: str) -> None:
    assert READERS[name].read(Listed(), SETTINGS) == Reading()


@pytest.mark.parametrize("name", READERS)
def test_every_reader_names_its_system_kinds_and_recordings(name: str) -> None:
    reader = READERS[name]

    assert reader.SYSTEM
    assert set(reader.KINDS) <= set(ALL_KINDS)
    assert list((RECORDINGS / name).glob("*.json"))


def test_a_page_of_one_kind_is_handed_in_by_its_kind() -> None:
    [node] = decoded(NODES, [{"metadata": {"uid": "n1"}}])

    assert listed_of(NODES, iter([node])) == Listed(nodes=[node])


def test_an_object_that_cannot_be_read_is_a_problem_and_the_others_are_read() -> None:
    pods = decoded(
        PODS,
        [{"metadata": {"uid": uid, "namespace": "shop", "name": uid}} for uid in "abc"],
    )
    read, problems = [], []  # type: ignore[var-annotated]

    def read_one(pod: Any) -> None:
        if pod.metadata.uid == "b":
            raise KeyError("spec")
        read.append(pod.metadata.uid)

    read_each(pods, read_one, kind=PODS, problems=problems)

    assert read == ["a", "c"]
    assert [(p.kind, p.object, p.object_uid) for p in problems] == [
        ("Pod", "shop/b", "b")
    ]


def test_an_error_that_is_not_the_object_s_is_not_swallowed() -> None:
    def read_one(pod: Any) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        read_each(
            decoded(PODS, [{"metadata": {"uid": "a"}}]),
            read_one,
            kind=PODS,
            problems=[],
        )
