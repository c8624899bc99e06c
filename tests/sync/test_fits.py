"""What fits no column becomes a Problem, and only that."""

from datetime import UTC, datetime

import pytest

from ipamweb.addressing import records
from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Block, Endpoint, Namespace, Node, Pod, Problem
from ipamweb.sync import fits
from ipamweb.sync.problems import storable

BAD_TIME = datetime(1, 1, 1, tzinfo=UTC)
MISFITS = {
    "uid": records.Pod("u" * 65, "default", "web"),
    "namespace": records.Pod("u", "n" * 64, "web"),
    "name": records.Pod("u", "default", "w" * 254),
    "node": records.Pod("u", "default", "web", node="n" * 254),
    "phase": records.Pod("u", "default", "web", phase="p" * 33),
    "nul": records.Pod("u", "default", "we\0b"),
    "created": records.Pod("u", "default", "web", created_at=BAD_TIME),
    "terminating": records.Pod("u", "default", "web", terminating_at=BAD_TIME),
    "addresses": records.Pod("u", "default", "web", addresses=(1, 2, 3, 4, 5)),
}


@pytest.mark.parametrize("pod", MISFITS.values(), ids=MISFITS)
def test_R9_a_pod_that_fits_no_column_is_a_problem(pod: records.Pod) -> None:
    good = records.Pod("g", "default", "good")

    read = fits.keep_what_fits(records.Reading(pods=[pod, good]), kind="Pod")

    assert read.pods == [good]
    assert [each.object_uid for each in read.problems] == [pod.uid]


def test_the_widest_values_fit() -> None:
    widest = records.Pod(
        "u" * 64, "n" * 63, "w" * 253, "n" * 253, "p" * 32, False, (1, 2, 3, 4),
        "k" * 63, "w" * 253, None, datetime(2026, 1, 1, tzinfo=UTC), "1" * 64,
    )  # fmt: skip

    read = fits.keep_what_fits(records.Reading(pods=[widest]), kind="Pod")

    assert (read.pods, read.problems) == ([widest], [])


def test_a_node_with_more_pods_than_a_number_holds_is_a_problem() -> None:
    node = records.Node("u", "worker-a", max_pods=2**31)

    read = fits.keep_what_fits(records.Reading(nodes=[node]), kind="Node")

    assert read.nodes == []
    assert read.problems[0].why == "2147483648 pods are more than a node can have"


def test_a_label_with_a_nul_is_a_problem() -> None:
    namespace = records.Namespace("u", "shop", (("team", "a\0b"),))

    read = fits.keep_what_fits(
        records.Reading(namespaces=[namespace]), kind="Namespace"
    )

    assert [each.object for each in read.problems] == ["shop"]


def test_a_block_of_a_node_without_end_is_a_problem_of_its_object() -> None:
    block = records.Block(parse_cidr("10.0.0.0/24"), "n" * 300, "uid-1", "cilium")

    read = fits.keep_what_fits(records.Reading(blocks=[block]), kind="CiliumNode")

    assert read.blocks == []
    assert [each.object_uid for each in read.problems] == ["uid-1"]


@pytest.mark.parametrize(
    ("texts", "model", "columns"),
    [
        (fits.NAMESPACE_TEXTS, Namespace, {}),
        (fits.NODE_TEXTS, Node, {}),
        (fits.POD_TEXTS, Pod, {"namespace": "namespace_name", "node": "node_name"}),
        (fits.ENDPOINT_TEXTS, Endpoint, {"namespace": "namespace_name"}),
        (fits.BLOCK_TEXTS, Block, {"owner_uid": "object_uid", "node": "node_name"}),
    ],
    ids=["Namespace", "Node", "Pod", "Endpoint", "Block"],
)
def test_the_limits_are_those_of_the_columns(texts, model, columns) -> None:
    lengths = {
        name: model._meta.get_field(columns.get(name, name)).max_length
        for name in texts
    }

    assert lengths == texts


def test_the_addresses_of_a_pod_fit_their_column() -> None:
    longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"

    assert Pod._meta.get_field("addresses").max_length >= len(
        " ".join([longest] * fits.MOST_ADDRESSES)
    )


def test_a_problem_with_a_name_without_end_can_be_stored() -> None:
    problem = storable(records.Problem("Pod", "p" * 9000, "f" * 900, "why\0", "u" * 90))

    assert len(problem.object) == Problem._meta.get_field("object").max_length
    assert len(problem.field) == Problem._meta.get_field("field").max_length
    assert len(problem.object_uid) == Problem._meta.get_field("object_uid").max_length
    assert problem.why == "why\N{REPLACEMENT CHARACTER}"
