"""IP-hours in November 2026; the sums are those of tests/mirror/queries."""

import pytest

from ipamweb.access.models import AuditEntry
from ipamweb.mirror.models import Allocation
from tests import cast_people
from tests.api.conftest import Reader

JSON = "ip-hours/?month=2026-11"
CSV = "export/ip-hours.csv?month=2026-11"
# 44 min 55 s, 10 min 20 s, and 21 days 12 h 10 min 10 s.
BATCH = {"certain_hours": 0.7486, "possible_hours": 0.1722, "unseen_hours": 516.1694}


@pytest.fixture
def only_past(reader: Reader) -> Reader:
    """Of the cast only what two pods of `batch` held once."""
    Allocation.objects.all().delete()
    return reader


def test_a_row_says_what_a_namespace_held(only_past: Reader) -> None:
    (row,) = only_past.json(JSON)["results"]

    assert row.pop("namespace_uid")
    assert row == {
        "month": "2026-11",
        "team": "",
        "cluster": "prod-eu",
        "namespace": "batch",
        "family": 4,
        **BATCH,
    }


def test_a_team_has_the_sum_of_what_it_owns(only_past: Reader) -> None:
    cast_people.owns(cast_people.team("jobs"), "batch")
    cast_people.owns(cast_people.team("web"), "shop")

    (row,) = only_past.json(f"{JSON}&by=team")["results"]

    assert (row["team"], row["certain_hours"], row["namespace"]) == ("jobs", 0.7486, "")


def test_only_what_a_team_owns_is_listed(reader: Reader) -> None:
    cast_people.owns(cast_people.team("jobs"), "batch")

    rows = reader.json(f"{JSON}&team=jobs")["results"]

    assert {row["namespace"] for row in rows} == {"batch"}


def test_a_viewer_sees_their_teams_namespaces_and_no_other_team(reader: Reader) -> None:
    victor = cast_people.viewer()
    cast_people.owns(cast_people.team("jobs", victor), "batch")
    cast_people.owns(cast_people.team("web"), "shop")
    reader.client.force_login(victor)

    rows = reader.json(JSON)["results"]

    assert {row["namespace"] for row in rows} == {"batch"}
    assert {r["team"] for r in reader.json(f"{JSON}&by=team")["results"]} == {"jobs"}
    assert reader.get(f"{JSON}&team=web").status_code == 404


def test_no_month_is_the_present_one(reader: Reader) -> None:
    assert reader.json("ip-hours/")["month"] == "2026-11"


def test_another_cluster_has_none(reader: Reader) -> None:
    assert reader.json(f"{JSON}&cluster=lab")["results"] == []


def test_a_month_that_is_none_is_one_sentence(reader: Reader) -> None:
    answer = reader.get("ip-hours/?month=2026-13")

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        "month: '2026-13' is no month, as 2026-11 is one."
        " Accepted: a month such as 2026-11."
    )


def test_the_csv_has_the_same_rows(only_past: Reader) -> None:
    answer = only_past.get(CSV)
    header, row = answer.content.decode().split("\r\n")[:2]

    assert answer["Content-Type"] == "text/csv"
    assert answer["Content-Disposition"] == 'attachment; filename="ip-hours.csv"'
    assert header == (
        "month,team,cluster,namespace,namespace_uid,family,"
        "certain_hours,possible_hours,unseen_hours"
    )
    assert row.startswith("2026-11,,prod-eu,batch,")
    assert row.endswith(",4,0.7486,0.1722,516.1694")


def test_who_fetches_the_csv_leaves_an_audit_entry(only_past: Reader) -> None:
    seen = AuditEntry.objects.count()

    only_past.get(f"{CSV}&cluster=prod-eu")

    (entry,) = AuditEntry.objects.filter(sequence__gt=seen)
    assert (entry.act, entry.actor_name, entry.subject) == (
        "export",
        "ada",
        "IP-hours of 2026-11",
    )
    assert entry.after == {
        "format": "csv",
        "rows": 1,
        "by": "namespace",
        "cluster": "prod-eu",
        "namespace_uid": "",
        "team": "",
    }


def test_json_leaves_none(reader: Reader) -> None:
    seen = AuditEntry.objects.count()

    reader.get(JSON)

    assert AuditEntry.objects.count() == seen
