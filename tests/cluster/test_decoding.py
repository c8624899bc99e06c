"""Decoding: what a page keeps of an object, and where a bad one is bad."""

import json

import pytest

from ipamweb.cluster.decoding import decode_page, identify
from ipamweb.cluster.readers.contract import PODS
from tests.cluster.raw_server import pod, pod_list


def decode(*pods):
    body = json.dumps(pod_list(*pods)).encode()
    return decode_page(body, kind=PODS, cluster="prod", action="list pods")[1]


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"spec": {"nodeName": 5}}, "spec.nodeName", "Expected `str`, got `int`"),
        ({"status": []}, "status", "Expected `object | null`, got `array`"),
        (
            {"status": {"podIPs": [{"ip": 1}]}},
            "status.podIPs[0].ip",
            "Expected `str`, got `int`",
        ),
    ],
)
def test_a_problem_names_the_field_and_what_is_wrong_with_it(changes, field, why):
    (problem,) = decode(pod("a") | changes).problems

    assert (problem.field, problem.why) == (field, why)
    assert (problem.kind, problem.object, problem.object_uid) == (
        "Pod",
        "default/pod-a",
        "a",
    )


def test_what_is_not_read_is_not_kept():
    secret = {"spec": {"containers": [{"env": [{"name": "KEY", "value": "s3cret"}]}]}}

    (one,) = decode(pod("a") | secret).objects

    assert "s3cret" not in repr(one)


def test_R9_a_bad_object_among_good_ones_leaves_the_good_ones():
    decoded = decode(pod("a"), pod("b", name=5), pod("c"))

    assert [one.metadata.uid for one in decoded.objects] == ["a", "c"]
    assert [problem.object_uid for problem in decoded.problems] == ["b"]


def test_an_undecodable_object_is_identified_by_what_is_readable():
    found = identify(
        b'{"metadata":{"uid":"u","name":5,"resourceVersion":"7"},"spec":3}'
    )

    assert (found.uid, found.name, found.resource_version) == ("u", "", "7")


@pytest.mark.parametrize("raw", [b"null", b"5", b'{"metadata":[]}', b"{", b"\xff"])
def test_what_is_no_object_has_no_identity(raw):
    assert identify(raw).uid == ""
