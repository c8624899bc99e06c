import pytest

from ipamweb.mirror.models import Block
from tests.api.conftest import Reader
from tests.cast import at, uid

WORKER_B = {
    "name": "worker-b",
    "uid": uid(202),
    "zone": "eu-b",
    "node_pool": "general",
    "instance_type": "m5.large",
    "ready": True,
    "max_pods": 110,
    "pods": 7,
    "cidrs": ["10.0.0.32/28", "fd00::20/124"],
    "families": {
        "4": {
            "size": "16",
            "reserved": "2",
            "unreachable": "0",
            "capacity": "14",
            "allocated": 7,
            "free": "7",
            "allocated_by_kind": {"pod": 5, "router": 1, "health": 1},
        },
        "6": {
            "size": "16",
            "reserved": "2",
            "unreachable": "0",
            "capacity": "14",
            "allocated": 6,
            "free": "8",
            "allocated_by_kind": {"pod": 4, "router": 1, "health": 1},
        },
    },
    "slots_used": 6,
    "slots_free": "7",
    "slots_total": "13",
    "findings_open": 0,
    "first_seen": "2026-11-22T12:00:00Z",
    "gone_at": None,
}
AGE = {"as_of": "2026-11-22T14:00:00Z", "stale": False}
NODES = "clusters/prod-eu/nodes/"


def test_a_node(reader: Reader) -> None:
    assert reader.json(f"{NODES}worker-b/") == {**AGE, **WORKER_B}


def test_nodes_are_listed_by_name(reader: Reader) -> None:
    results = reader.results(NODES)

    assert [row["name"] for row in results] == ["worker-a", "worker-b", "worker-c"]
    assert results[1] == WORKER_B


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=er-c", ["worker-c"]),
        ("zone=eu-b&ordering=-slots_free", ["worker-c", "worker-b"]),
        ("node_pool=spot", []),
    ],
)
def test_nodes_are_filtered_and_sorted(
    reader: Reader, query: str, names: list[str]
) -> None:
    assert [row["name"] for row in reader.results(f"{NODES}?{query}")] == names


def test_only_the_fields_asked_for_are_sent(reader: Reader) -> None:
    assert reader.results(f"{NODES}?fields=name,slots_free&limit=1") == [
        {"name": "worker-a", "slots_free": "0"}
    ]


def test_a_field_that_is_none_is_400_and_names_the_fields(reader: Reader) -> None:
    answer = reader.get(f"{NODES}?fields=name,colour")

    assert answer.status_code == 400
    assert answer.json()["error"]["details"]["accepted"] == list(WORKER_B)


def test_an_ipv6_block_of_a_slash_64_is_counted_exactly(reader: Reader) -> None:
    Block.objects.filter(pk=6).update(
        first=0xFD00 << 112, last=(0xFD00 << 112) + 2**64 - 1
    )

    (_, six) = reader.json(f"{NODES}worker-c/")["families"].values()

    assert (six["size"], six["unreachable"], six["capacity"], six["free"]) == (
        "18446744073709551616", "18446744073709486080", "65534", "65534",
    )  # fmt: skip


def test_next_and_previous_lead_through_the_list_and_back(reader: Reader) -> None:
    first = reader.json(f"{NODES}?limit=2")
    prefix = "http://testserver/api/v1/"
    second = reader.json(first["next"].removeprefix(prefix))
    back = reader.json(second["previous"].removeprefix(prefix))

    assert [row["name"] for row in second["results"]] == ["worker-c"]
    assert (first["previous"], second["next"]) == (None, None)
    assert back["results"] == first["results"]


def test_next_keeps_the_filters(reader: Reader) -> None:
    following = reader.json(f"{NODES}?zone=eu-b&limit=1")["next"]

    assert following.startswith(
        "http://testserver/api/v1/clusters/prod-eu/nodes/?zone=eu-b&limit=1&cursor="
    )


def test_blocks_of_the_past_are_not_the_nodes(reader: Reader) -> None:
    Block.objects.filter(pk=5).update(valid_to=at("13:00:00"))

    assert list(reader.json(f"{NODES}worker-b/")["families"]) == ["4"]
