from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ipamweb.mirror.models import Cluster
from tests import cast

LIVE = "/clusters/prod-eu/live"


def change(text: str = "10.0.0.41") -> None:
    cast.allocation(900, text, owner_key="pod-900", changed_generation=8).save()
    Cluster.objects.filter(slug="prod-eu").update(generation=8)


def test_where_nothing_changed_the_answer_is_204_with_its_age(
    everybody: cast.Cast, reader: Client
) -> None:
    answer = reader.get(f"{LIVE}?since=7")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Ipamweb-As-Of"] == "2026-11-22T14:00:00.000000Z"
    assert answer["Ipamweb-Stale"] == "false"
    assert answer["Cache-Control"] == "private, no-store"


def test_l4_an_idle_page_costs_one_query_beside_session_and_user(
    everybody: cast.Cast, reader: Client
) -> None:
    with CaptureQueriesContext(connection) as queries:
        reader.get(f"{LIVE}?since=7")

    assert len(queries) == 3


def test_l1_changed_cells_come_with_their_blocks_and_the_counters(
    everybody: cast.Cast, reader: Client
) -> None:
    change()

    assert reader.get(f"{LIVE}?since=7").json() == {
        "generation": 8,
        "at": "2026-11-22T14:00:05.000000Z",
        "as_of": "2026-11-22T14:00:00.000000Z",
        "stale": False,
        "cells": [["10.0.0.32", 9, 1]],
        "blocks": [["10.0.0.32", 28, 6, 13, 7, 14, 0]],
        "counters": {
            "nodes": 3,
            "pods": 21,
            "allocations": 45,
            "pools": {
                "cilium-cluster-pool-v4": {
                    "allocated": 21, "free": "3563", "blocks_assigned": 3,
                },
                "cilium-cluster-pool-v6": {
                    "allocated": 20, "free": "3564", "blocks_assigned": 3,
                },
            },
        },
    }  # fmt: skip


def test_a_changed_address_outside_of_blocks_stands_alone(
    everybody: cast.Cast, reader: Client
) -> None:
    change("192.0.2.77")

    assert reader.get(f"{LIVE}?since=7").json()["cells"] == [["192.0.2.77", 0, 1]]


def test_l2_a_page_that_is_too_far_behind_is_told_to_ask_anew(
    everybody: cast.Cast, reader: Client
) -> None:
    answer = reader.get(f"{LIVE}?since=9").json()

    assert (answer["reset"], answer["generation"]) == (True, 7)
    assert "cells" not in answer


def test_a_since_that_is_no_generation_is_refused_in_a_sentence(
    everybody: cast.Cast, reader: Client
) -> None:
    answer = reader.get(f"{LIVE}?since=x")

    assert answer.status_code == 400
    assert b"since: &#x27;x&#x27; is out of range" in answer.content


def test_who_is_not_signed_in_is_told_nothing(everybody: cast.Cast) -> None:
    assert Client().get(f"{LIVE}?since=7").status_code == 302


def test_a_cluster_that_is_not_there_has_no_changes(
    everybody: cast.Cast, reader: Client
) -> None:
    assert reader.get("/clusters/nowhere/live?since=7").status_code == 404


def test_head_is_answered_without_a_body(everybody: cast.Cast, reader: Client) -> None:
    answer = reader.head(f"{LIVE}?since=7")

    assert (answer.status_code, answer.content) == (204, b"")
