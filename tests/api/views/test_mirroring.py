import pytest

from tests.api.conftest import Reader
from tests.api.views.test_addresses import GAP

C = "clusters/prod-eu/"


def test_problems(reader: Reader) -> None:
    assert reader.results(f"{C}problems/") == [
        {
            "id": 1,
            "kind": "pods",
            "object": "shop/odd-0",
            "field": "status.podIPs[0].ip",
            "why": "'10.0.0.999' is not an IP address",
            "object_hidden": False,
            "first_seen": "2026-11-22T13:30:00Z",
            "last_seen": "2026-11-22T14:00:00Z",
            "resolved_at": None,
        }
    ]


def test_resolved_problems_are_asked_for(reader: Reader) -> None:
    assert reader.results(f"{C}problems/?resolved=true") == []


def test_gaps(reader: Reader) -> None:
    assert reader.results(f"{C}gaps/") == [GAP]


def test_runs(reader: Reader) -> None:
    assert reader.results(f"{C}runs/") == [
        {
            "id": 1,
            "kind": "complete",
            "outcome": "ok",
            "started_at": "2026-11-22T11:59:58Z",
            "ended_at": "2026-11-22T12:00:00Z",
            "seconds": 2.5,
            "polls": 1,
            "opened": 11,
            "changed": 0,
            "closed": 0,
            "unchanged": 0,
            "problems": 0,
            "gaps": 0,
            "error": "",
        }
    ]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("problems/?kind=pods", [1]),
        ("problems/?kind=nodes", []),
        ("problems/?kind=pods&resolved=true", []),
        ("problems/?kind=pods&at=2026-11-22T13:40:00Z", [1]),
        ("problems/?kind=nodes&at=2026-11-22T13:40:00Z", []),
        ("gaps/?since=2026-11-22T13:00:00Z&until=2026-11-22T13:01:00Z", [1]),
        ("gaps/?since=2026-11-22T13:10:00Z", []),
        ("gaps/?until=2026-11-22T12:00:00Z", []),
        ("runs/?kind=complete&outcome=ok", [1]),
        ("runs/?kind=changes", []),
        ("runs/?outcome=failed", []),
        ("runs/?kind=complete&at=2026-11-22T12:00:00Z", [1]),
        ("runs/?kind=complete&at=2026-11-22T11:59:59Z", []),
        ("runs/?since=2026-11-22T11:59:59Z&until=2026-11-22T14:00:00Z", [1]),
        ("runs/?since=2026-11-22T12:00:01Z", []),
    ],
)
def test_a_filter_of_mirroring_finds(
    reader: Reader, query: str, ids: list[int]
) -> None:
    assert [row["id"] for row in reader.results(f"{C}{query}")] == ids


@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        ("runs/?kind=x", "kind", ["changes", "complete", "unknown"]),
        ("runs/?outcome=busy", "outcome", ["ok", "failed", "held"]),
        ("runs/?since=x", "since", ["a time such as 2026-11-22T14:03:22Z"]),
        ("gaps/?until=x", "until", ["a time such as 2026-11-22T14:03:22Z"]),
        ("gaps/?kind=x", "kind", [
            "at", "cursor", "fields", "format", "limit", "since", "until",
        ]),
    ],
)  # fmt: skip
def test_what_is_not_accepted_is_400_and_names_what_is(
    reader: Reader, query: str, parameter: str, accepted: list[str]
) -> None:
    answer = reader.get(f"{C}{query}")

    assert answer.status_code == 400
    details = answer.json()["error"]["details"]
    assert details == {"parameter": parameter, "accepted": accepted}


@pytest.mark.parametrize("name", ["gaps", "runs"])
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("since=2026-11-22T14:00:00Z&until=2026-11-22T13:00:00Z",
         "since lies behind until."),
        ("at=2026-11-22T13:00:00Z&since=2026-11-22T12:00:00Z",
         "at is one instant: leave since and until."),
    ],
)  # fmt: skip
def test_a_window_that_cannot_be_is_400_and_says_why(
    reader: Reader, name: str, query: str, why: str
) -> None:
    answer = reader.get(f"{C}{name}/?{query}")

    assert (answer.status_code, answer.json()["error"]["message"]) == (400, why)


def test_reservations(reader: Reader) -> None:
    assert reader.results(f"{C}reservations/") == [
        {
            "id": 1,
            "range": "10.0.0.60/31",
            "family": 4,
            "pool": "cilium-cluster-pool-v4",
            "network": "",
            "why": "kept for the load balancer",
            "valid_from": "2026-11-22T12:00:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("family=4", [1]), ("family=6", []), ("within=10.0.0.0/24", [1]),
        ("within=10.0.0.60/32", []), ("within=::/0", []),
        ("pool=cilium-cluster-pool-v4", [1]), ("pool=cilium-cluster-pool-v6", []),
        ("within=10.0.0.0/24&at=2026-11-22T13:00:00Z", [1]),
    ],
)  # fmt: skip
def test_a_filter_of_reservations_finds(
    reader: Reader, query: str, ids: list[int]
) -> None:
    found = reader.results(f"{C}reservations/?{query}")

    assert [row["id"] for row in found] == ids
