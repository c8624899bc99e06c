import json
from typing import Any

import msgspec
import pytest

from ipamweb.cluster import shapes
from ipamweb.cluster.readers.contract import Kind
from tests.cluster.recorded import ALL_KINDS, answer, recorded

FAILURES = [
    "error-400-bad-continue",
    "error-401-unauthorized",
    "error-403-forbidden",
    "error-410-expired-continue",
    "error-invalid-resource-version",
    "nodes-list-as-reader-forbidden",
]
LISTS = {
    "nodes-list": shapes.Node,
    "namespaces-list": shapes.Namespace,
    "pods-list-page-1": shapes.Pod,
    "pods-list-page-2": shapes.Pod,
    "pods-list-page-3": shapes.Pod,
    "pods-list-rv0": shapes.Pod,
    "ciliumnodes-list": shapes.CiliumNode,
    "ciliumendpoints-empty-list": shapes.CiliumEndpoint,
}


def decode(content: Any, shape: Any) -> Any:
    return msgspec.json.decode(json.dumps(content), type=shape)


@pytest.mark.parametrize(("name", "shape"), LISTS.items(), ids=LISTS)
def test_every_recorded_list_decodes_whole(name: str, shape: type) -> None:
    page = decode(answer(name), shapes.ObjectList[shape])  # type: ignore[valid-type]

    assert len(page.items) == len(answer(name)["items"])
    assert page.metadata.resource_version == answer(name)["metadata"]["resourceVersion"]
    assert all(each.metadata.uid for each in page.items)


def test_a_page_knows_where_it_goes_on() -> None:
    first = decode(answer("pods-list-page-1"), shapes.ObjectList[shapes.Pod])
    last = decode(answer("pods-list-page-3"), shapes.ObjectList[shapes.Pod])

    assert (bool(first.metadata.continue_), first.metadata.remaining_item_count) == (
        True,
        14,
    )
    assert (last.metadata.continue_, last.metadata.remaining_item_count) == ("", None)


@pytest.mark.parametrize("name", FAILURES)
def test_every_recorded_failure_decodes_as_a_status(name: str) -> None:
    status = decode(answer(name), shapes.Status)

    assert (status.kind, status.status) == ("Status", "Failure")
    assert status.code == recorded(f"kubernetes-1.36/{name}.json")["response"]["status"]


def test_events_of_a_watch_hold_their_object_undecoded() -> None:
    lines = recorded("kubernetes-1.36/pods-watch.json")["response"]["body_lines"]

    events = [decode(line, shapes.WatchEvent) for line in lines]
    first = msgspec.json.decode(events[0].object, type=shapes.Pod)

    assert (events[0].type, first.metadata.name) == ("ADDED", "late-1")
    assert {event.type for event in events} == {"ADDED", "MODIFIED", "DELETED"}


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.resource)
@pytest.mark.parametrize(
    "content",
    [
        {},
        {"metadata": {"uid": "u", "ownerReferences": None, "labels": None}},
        {"metadata": {"uid": "u"}, "spec": None, "status": None},
        {"metadata": {"uid": "u"}, "spec": {}, "status": {}, "unknown": {"a": [1]}},
    ],
    ids=["empty", "null lists", "null parts", "unknown fields"],
)
def test_missing_null_and_unknown_fields_decode(kind: Kind, content: Any) -> None:
    assert decode(content, kind.shape)


@pytest.mark.parametrize(
    ("shape", "content"),
    [
        (shapes.Node, {"spec": {"podCIDRs": None}, "status": {"addresses": None}}),
        (shapes.Pod, {"status": {"podIPs": None, "phase": "Pending"}}),
        (shapes.CiliumNode, {"spec": {"ipam": {"podCIDRs": None}, "addresses": None}}),
        (shapes.CiliumEndpoint, {"status": {"networking": {"addressing": None}}}),
        (shapes.ObjectList[shapes.Pod], {"items": None}),
    ],
)
def test_null_lists_inside_decode(shape: Any, content: Any) -> None:
    assert decode(content, shape)


@pytest.mark.parametrize(
    ("shape", "content"),
    [
        (shapes.Node, {"spec": {"podCIDRs": ["10.244.1.5/24", "garbage"]}}),
        (shapes.Pod, {"status": {"podIPs": [{"ip": "fe80::1%eth0"}, {"ip": ""}]}}),
        (shapes.Pod, {"metadata": {"creationTimestamp": "yesterday"}}),
        (shapes.CiliumNode, {"spec": {"health": {"ipv4": "10.0.2.999"}}}),
    ],
)
def test_text_that_means_nothing_does_not_spoil_its_page(
    shape: Any, content: Any
) -> None:
    assert decode(content, shape)


def test_an_object_that_does_not_decode_can_still_be_identified() -> None:
    content = {"metadata": {"uid": "u1", "name": "cart-0"}, "status": {"podIPs": "x"}}

    with pytest.raises(msgspec.ValidationError):
        decode(content, shapes.Pod)
    assert decode(content, shapes.Object).metadata.uid == "u1"


def test_environment_and_unlisted_annotations_are_not_kept() -> None:
    secret = {"name": "TOKEN", "value": "hunter2"}
    content = {
        "metadata": {"annotations": {"note": "hunter2"}, "labels": {"app": "hunter2"}},
        "spec": {"containers": [{"env": [secret]}]},
    }

    assert "hunter2" not in repr(decode(content, shapes.Pod))
    assert "hunter2" not in repr(decode(content, shapes.CommandPod))
    assert "hunter2" not in repr(decode({"metadata": content["metadata"]}, shapes.Pod))


def test_kinds_know_their_paths() -> None:
    paths = {kind.resource: (kind.path, kind.list_name) for kind in ALL_KINDS}

    assert paths == {
        "namespaces": ("/api/v1/namespaces", "NamespaceList"),
        "nodes": ("/api/v1/nodes", "NodeList"),
        "pods": ("/api/v1/pods", "PodList"),
        "ciliumnodes": ("/apis/cilium.io/v2/ciliumnodes", "CiliumNodeList"),
        "ciliumendpoints": ("/apis/cilium.io/v2/ciliumendpoints", "CiliumEndpointList"),
    }
