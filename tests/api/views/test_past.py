"""The lists of things, asked how they were at an instant."""

from datetime import timedelta

import pytest

from ipamweb.mirror.models import Cluster, Reservation
from tests import cast
from tests.api.conftest import Reader
from tests.cast import uid

C = "clusters/prod-eu/"
THEN = "at=2026-11-22T12:20:00Z"
BEFORE = "at=2026-11-22T11:59:00Z"
LISTS = (
    "nodes", "blocks", "pods", "pools", "namespaces", "allocations", "problems", "gaps",
    "runs", "reservations",
)  # fmt: skip
V4 = "cilium-cluster-pool-v4"


@pytest.mark.parametrize("name", LISTS)
def test_before_history_there_was_nothing(reader: Reader, name: str) -> None:
    body = reader.json(f"{C}{name}/?{BEFORE}")

    assert (body["results"], body["past"]["blind"]) == ([], "before-history")


@pytest.mark.parametrize(
    "path", ["nodes/worker-a/", f"pools/{V4}/", "namespaces/shop/"]
)
def test_before_history_there_was_not_one(reader: Reader, path: str) -> None:
    assert reader.get(f"{C}{path}?{BEFORE}").status_code == 404


def test_a_node_then(reader: Reader) -> None:
    node = reader.json(f"{C}nodes/worker-b/?{THEN}")

    assert (node["pods"], node["slots_used"], node["ready"]) == (1, 1, None)
    assert node["families"]["4"] == {
        "size": "16", "reserved": "2", "unreachable": "0", "capacity": "14",
        "allocated": 3, "free": "11",
        "allocated_by_kind": {"pod": 1, "router": 1, "health": 1},
    }  # fmt: skip


def test_the_list_of_nodes_says_the_same(reader: Reader) -> None:
    one = reader.json(f"{C}nodes/worker-b/?{THEN}")
    (listed,) = reader.results(f"{C}nodes/?{THEN}&q=worker-b")

    assert listed.items() <= one.items()


def test_a_pool_then(reader: Reader) -> None:
    pool = reader.json(f"{C}pools/{V4}/?{THEN}")

    # Two routers, two health checks, one pod.
    assert pool["families"]["4"]["allocated"] == 5
    assert (pool["blocks_assigned"], pool["ranges"][0]["cidr"]) == (3, "10.0.0.0/20")


def test_a_namespace_then_is_the_one_that_had_the_name(reader: Reader) -> None:
    one = reader.json(f"{C}namespaces/shop/?at=2026-11-22T12:10:00Z")

    assert one["uid"] == uid(109)
    (batch,) = reader.results(f"{C}namespaces/?{THEN}&q=batch")
    assert (batch["pods"], batch["families"]["4"]) == (1, {"allocated": 1})


def test_pods_then(reader: Reader) -> None:
    (pod,) = reader.results(f"{C}pods/?{THEN}&namespace=batch")

    assert (pod["name"], pod["addresses"], pod["phase"]) == (
        "old-1", ["10.0.0.35"], "",
    )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "nodes/?ordering=-slots_free",
        "namespaces/?ordering=-name",
        "pods/?phase=Running",
    ],
)
def test_what_is_not_kept_of_the_past_is_400(reader: Reader, query: str) -> None:
    assert reader.get(f"{C}{query}&{THEN}").status_code == 400


def test_the_document_and_the_answers_agree_on_how_the_past_is_known(
    reader: Reader,
) -> None:
    for name in LISTS:
        assert set(reader.json(f"{C}{name}/?{THEN}")["past"]) == {"at", "blind", "gap"}


@pytest.mark.parametrize(
    "path",
    [
        f"{C}pools/{V4}/blocks.bin",
        f"{C}cells/10.0.0.32/28/",
        f"{C}children/10.0.0.0/24/",
        f"{C}windows/fd00::/64/",
    ],
)
def test_a_map_then_is_another_answer_than_now(reader: Reader, path: str) -> None:
    now, past = reader.get(path), reader.get(f"{path}?{THEN}")

    assert (now.status_code, past.status_code) == (200, 200)
    assert now.content != past.content
    assert now["ETag"] != past["ETag"]


def test_the_filter_of_a_map_knows_the_present_only(reader: Reader) -> None:
    path = f"{C}mask/10.0.0.0/20/?q=ns:shop&{THEN}"

    assert reader.get(path).status_code == 400


@pytest.mark.parametrize("year", ["0001", "1969", "9001"])
def test_a_year_that_no_cluster_saw_is_refused(reader: Reader, year: str) -> None:
    answer = reader.get(f"{C}namespaces/?at={year}-01-01T00:00:00Z")

    assert answer.status_code == 400
    assert "years are 1970 to 9000" in answer.json()["error"]["message"]


def test_a_question_beyond_the_last_read_is_asked_anew_after_the_next(
    reader: Reader,
) -> None:
    ahead, seen = f"{C}nodes/?at=2030-01-01T00:00:00Z", f"{C}nodes/?{THEN}"
    tags = [reader.get(path)["ETag"] for path in (ahead, seen)]
    cluster = Cluster.objects.get(slug="prod-eu")
    Cluster.objects.update(as_of=cluster.as_of + timedelta(seconds=5))

    answers = [
        reader.get(path, HTTP_IF_NONE_MATCH=tag).status_code
        for path, tag in zip((ahead, seen), tags, strict=True)
    ]

    assert answers == [200, 304]


@pytest.mark.parametrize(
    "path",
    [
        *(f"{C}{name}/" for name in LISTS if name != "allocations"),
        f"{C}nodes/worker-b/",
        f"{C}pools/{V4}/",
        f"{C}namespaces/shop/",
        f"{C}children/10.0.0.0/20/",
    ],
)
def test_after_the_last_read_numbers_are_those_of_it(reader: Reader, path: str) -> None:
    then, late = (
        reader.json(f"{path}?at=2026-11-22T14:00:0{second}Z") for second in (0, 3)
    )

    assert late.pop("past")["blind"] == "after-as-of"
    assert then.pop("past")["blind"] == ""
    assert late == then


def test_after_the_last_read_a_map_is_that_of_it(reader: Reader) -> None:
    path = f"{C}cells/10.0.0.32/28/?at=2026-11-22T14:00:0"

    assert reader.get(f"{path}3Z").content == reader.get(f"{path}0Z").content


def test_a_gap_then_had_not_ended_yet(reader: Reader) -> None:
    (gap,) = reader.results(f"{C}gaps/?at=2026-11-22T13:00:00Z")

    assert (gap["started_at"], gap["ended_at"]) == ("2026-11-22T12:59:55Z", None)


def test_a_problem_then_does_not_say_when_it_was_seen_last(reader: Reader) -> None:
    (problem,) = reader.results(f"{C}problems/?at=2026-11-22T13:30:00Z")

    assert (problem["last_seen"], problem["resolved_at"]) == (None, None)


def test_reservations_then(reader: Reader) -> None:
    Reservation.objects.update(valid_to=cast.at("12:30:00"))

    then, later = (
        len(reader.results(f"{C}reservations/?at=2026-11-22T{clock}Z"))
        for clock in ("12:20:00", "12:30:00")
    )

    assert (then, later) == (1, 0)


def test_a_finding_then_is_in_its_state_of_then(reader: Reader) -> None:
    (found,) = reader.results("findings/?at=2026-11-22T12:32:00Z")

    assert (found["state"], found["confirmed_at"]) == ("suspected", None)
    assert (found["last_seen"], found["evidence"]["looks"]) == (None, None)
    assert reader.get("findings/1/?at=2026-11-22T12:30:00Z").status_code == 404
    path = "findings/?at=2026-11-22T13:00:00Z&state=acknowledged"
    assert reader.get(path).status_code == 400


def test_a_cluster_then(reader: Reader) -> None:
    cluster = reader.json(f"{C}?{THEN}")

    counts = {name: cluster[name] for name in ("nodes", "pods", "pools", "allocations")}
    assert counts == {"nodes": 3, "pods": 1, "pools": 2, "allocations": 12}
    assert (cluster["findings_open"], cluster["gaps"]) == (0, 0)
    assert (cluster["server_version"], cluster["paused"]) == (None, None)
    (listed,) = reader.results(f"clusters/?{THEN}&limit=1&fields=nodes,pods")[:1]
    assert listed == {"nodes": None, "pods": None}


def test_before_history_a_cluster_has_no_numbers(reader: Reader) -> None:
    cluster = reader.json(f"{C}?{BEFORE}")

    assert (cluster["nodes"], cluster["past"]["blind"]) == (None, "before-history")


def test_a_pod_then(reader: Reader) -> None:
    pod = reader.json(f"{C}pods/{uid(451)}/?{THEN}")

    assert (pod["addresses"], pod["gone_at"], pod["phase"]) == (["10.0.0.35"], None, "")
    assert [row["state"] for row in pod["allocations"]] == ["held"]
    assert reader.get(f"{C}pods/{uid(401)}/?{THEN}").status_code == 404
