import pytest

from tests import cast
from tests.api.conftest import Reader
from tests.api.views.test_allocations import CART_0
from tests.cast import uid

C = "clusters/prod-eu/addresses/"
OLD_1 = {
    **CART_0,
    "id": 61,
    "state": "ended",
    "namespace": "batch",
    "pod": "old-1",
    "uid": uid(451),
    "from_earliest": "2026-11-22T12:09:55Z",
    "valid_from": "2026-11-22T12:10:00Z",
    "valid_to": "2026-11-22T12:25:00Z",
    "to_latest": "2026-11-22T12:25:05Z",
    "closed_by": "watch",
}
GAP = {
    "id": 1,
    "started_at": "2026-11-22T12:59:55Z",
    "ended_at": "2026-11-22T13:10:00Z",
    "reason": "unreachable",
    "message": "prod-eu: could not watch pods: timed out",
    "lost_events": True,
}


def test_an_address_with_its_owner_and_its_history(reader: Reader) -> None:
    assert reader.json(f"{C}10.0.0.35/?at=2026-11-22T12:15:00Z") == {
        "as_of": "2026-11-22T14:00:00Z",
        "stale": False,
        "cluster": "prod-eu",
        "address": "10.0.0.35",
        "family": 4,
        "pool": {"slug": "cilium-cluster-pool-v4", "range": "10.0.0.0/20"},
        "block": "10.0.0.32/28",
        "node": "worker-b",
        "holders": [CART_0],
        "why_nobody": None,
        "at": {
            "at": "2026-11-22T12:15:00Z",
            "verdict": "held",
            "blind": "",
            "certain": [OLD_1],
            "possible": [],
        },
        "history": [OLD_1],
        "history_next": None,
        "history_previous": None,
        "gaps": [GAP],
    }


@pytest.mark.parametrize("text", ["fd00:0:0::24", "FD00::0024"])
def test_an_address_is_answered_in_its_one_spelling(reader: Reader, text: str) -> None:
    body = reader.json(f"{C}{text}/")

    assert (body["address"], body["family"]) == ("fd00::24", 6)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("10.0.0.42", "free",
         "It is free: it lies in a block of worker-b, and nobody holds it."),
        ("10.0.0.32", "reserved-by-rule",
         "The allocator never hands it out: cilium-host-scope sets it aside."),
        ("10.0.0.60", "reserved", "It is reserved: kept for the load balancer."),
        ("10.0.1.1", "no-block",
         "It lies in the pool cilium-cluster-pool-v4, in no block that a node has."),
        ("10.1.0.0", "outside-all-pools", "It lies outside all pools of this cluster."),
    ],
)  # fmt: skip
def test_why_nobody_holds_it(
    reader: Reader, text: str, code: str, message: str
) -> None:
    body = reader.json(f"{C}{text}/")

    assert (body["holders"], body["why_nobody"]) == (
        [], {"code": code, "message": message},
    )  # fmt: skip


def test_an_instant_with_another_zone_is_answered_in_utc(reader: Reader) -> None:
    body = reader.json(f"{C}10.0.0.35/?at=2026-11-22T13:15:00%2B01:00")

    assert (body["at"]["at"], body["at"]["verdict"]) == ("2026-11-22T12:15:00Z", "held")


def test_history_goes_on_at_history_next(reader: Reader) -> None:
    owner = cast.pod(480, "batch/older-1", gone_at=cast.at("12:05:00"))
    bounds = ["12:00:00", "12:00:05", "12:05:00", "12:05:05"]
    cast.past(81, "10.0.0.35", bounds, owner=owner)

    first = reader.json(f"{C}10.0.0.35/?limit=1")
    path = first["history_next"].removeprefix("http://testserver/api/v1/")

    assert [row["id"] for row in first["history"]] == [61]
    assert [row["id"] for row in reader.json(path)["history"]] == [81]


def test_every_cluster_answers_for_itself(reader: Reader) -> None:
    body = reader.json("addresses/10.0.0.35/")

    assert (body["as_of"], body["stale"], body["next"]) == (None, True, None)
    assert [
        (answer["cluster"], answer["holders"], answer["history"])
        for answer in body["results"]
    ] == [("lab", [], []), ("prod-eu", [CART_0], [OLD_1])]
    assert body["results"][0]["why_nobody"] == {
        "code": "not-read", "message": "This cluster was never read: nobody can tell.",
    }  # fmt: skip


def test_who_held_it_is_asked_of_every_cluster_at_once(reader: Reader) -> None:
    lab, prod = reader.results("addresses/10.0.0.35/?at=2026-11-22T12:15:00Z")

    assert (lab["at"]["verdict"], lab["at"]["blind"]) == ("unknown", "before-history")
    assert prod["at"]["certain"] == [OLD_1]


def test_more_history_is_to_be_asked_of_one_cluster(reader: Reader) -> None:
    owner = cast.pod(480, "batch/many-1", gone_at=cast.at("12:05:00"))
    bounds = ["12:00:00", "12:00:05", "12:05:00", "12:05:05"]
    for number in range(1000, 1101):
        cast.past(number, "10.0.0.35", bounds, owner=owner)

    _, prod = reader.results("addresses/10.0.0.35/")

    assert (len(prod["history"]), prod["history_next"]) == (
        100, "http://testserver/api/v1/clusters/prod-eu/addresses/10.0.0.35/",
    )  # fmt: skip
