"""Findings by REST: rows, filters, what a reader may see, and the acknowledgement."""

from typing import Any

import pytest

from ipamweb.access.models import AuditEntry
from ipamweb.findings.models import Check, Finding
from ipamweb.mirror.models import Cluster
from tests import cast, cast_findings, cast_people
from tests.api.conftest import Reader
from tests.cast import uid

ACT = "/api/v1/findings/1/acknowledge"
WISH = {"reason": "known", "until": "2026-11-23T14:00:00Z"}


def side(number: int, name: str) -> dict[str, Any]:
    return {
        "what": "pod",
        "name": f"batch/{name}",
        "uid": uid(number),
        "namespace_uid": uid(103),
        "hidden": False,
        "read_from": "pod.status.podIPs",
        "since": "2026-11-22T12:00:00Z",
        "values": [
            {"name": "address", "value": "10.0.0.39"},
            {"name": "node", "value": "worker-b"},
            {"name": "workload", "value": "Job nightly"},
        ],
    }


def act(reader: Reader, **changes: Any) -> Any:
    wish = {**WISH, **changes}
    return reader.client.post(ACT, wish, content_type="application/json")


def test_a_row_has_both_sides_and_what_to_do(reader: Reader) -> None:
    [row] = reader.results("findings/")

    evidence = row.pop("evidence")
    assert evidence["sides"] == [side(431, "job-1"), side(432, "job-2")]
    assert evidence["looks"] == 80
    assert row.pop("suggestion").startswith("Delete the younger pod")
    assert row == {
        "id": 1,
        "cluster": "prod-eu",
        "rule": "F07",
        "kind": "duplicate-pod-address",
        "severity": "critical",
        "subject": {"kind": "address", "name": "10.0.0.39", "uid": ""},
        "message": "10.0.0.39 is held by 2 pods.",
        "state": "open",
        "first_seen": "2026-11-22T12:31:00Z",
        "last_seen": "2026-11-22T14:00:00Z",
        "confirmed_at": "2026-11-22T12:33:00Z",
        "resolved_at": None,
        "acknowledged_until": None,
        "acknowledged_reason": "",
        "acknowledged_by": "",
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2), ("?state=open", 1), ("?state=suspected", 1), ("?state=resolved", 0),
        ("?severity=critical", 1), ("?kind=pod-outside-node-cidrs", 1),
        ("?cluster=lab", 0), ("?cluster=prod-eu&limit=1", 1), ("?age=day", 2),
        ("?age=hour", 0), ("?namespace=default", 1), ("?namespace=def", 0),
        ("?rule=F07", 1), ("?rule=F06", 1), ("?rule=F01", 0),
        ("?rule=F07&severity=high", 0), ("?rule=F07&kind=duplicate-pod-address", 1),
        ("?rule=F07&at=2026-11-22T13:20:00Z", 1),
    ],
)  # fmt: skip
def test_findings_are_filtered(reader: Reader, query: str, count: int) -> None:
    cast_findings.of_pod(Cluster.objects.get(pk=1), id=7, state="suspected")

    assert len(reader.results(f"findings/{query}")) == count


@pytest.mark.parametrize(
    "query", ["kind=x", "severity=x", "state=x", "age=x", "ordering=x"]
)
def test_a_word_that_is_no_choice_is_400(reader: Reader, query: str) -> None:
    assert reader.get(f"findings/?{query}").status_code == 400


def test_one_finding_is_told_by_its_number(reader: Reader) -> None:
    assert reader.json("findings/1/")["rule"] == "F07"
    assert reader.get("findings/2/").status_code == 404


def test_an_answer_is_known_until_the_next_look(reader: Reader) -> None:
    etag = reader.get("findings/")["ETag"]
    known = {"If-None-Match": etag}

    assert reader.get("findings/", headers=known).status_code == 304
    Check.objects.update(looked_at=cast.at("14:00:03"))
    assert reader.get("findings/", headers=known).status_code == 200


def test_a_viewer_sees_the_conflict_and_no_names(reader: Reader) -> None:
    cast_findings.of_pod(Cluster.objects.get(pk=1), id=7)
    reader.client.force_login(cast_people.viewer())

    [row] = reader.results("findings/")

    assert [each["name"] for each in row["evidence"]["sides"]] == ["", ""]
    assert b"job" not in reader.answer.content
    assert reader.get("findings/7/").status_code == 404


def test_an_acknowledgement_leaves_one_audit_entry(reader: Reader) -> None:
    seen = AuditEntry.objects.count()

    answer = act(reader)

    assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")
    assert answer.json()["acknowledged_until"] == WISH["until"]
    entries = AuditEntry.objects.order_by("sequence")[seen:]
    assert [each.act for each in entries] == ["finding.acknowledge"]


def test_an_acknowledgement_is_taken_back_by_delete(reader: Reader) -> None:
    act(reader)

    answer = reader.client.delete(ACT)

    assert (answer.status_code, answer.json()["state"]) == (200, "open")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"until": "2026-11-22T14:00:00Z"}, "until"),
        ({"until": "2028-11-22T14:00:00Z"}, "until"),
        ({"until": "next week"}, "until"),
    ],
)
def test_what_cannot_be_done_is_400_and_writes_nothing(
    reader: Reader, changes: dict[str, str], parameter: str
) -> None:
    answer = act(reader, **changes)

    assert answer.status_code == 400
    assert answer.json()["error"]["details"]["parameter"] == parameter
    assert Finding.objects.get(pk=1).acknowledged_until is None


def test_what_is_not_acknowledged_cannot_be_taken_back(reader: Reader) -> None:
    assert reader.client.delete(ACT).status_code == 400


@pytest.mark.parametrize("body", ["[]", '"x"', "{", "null"])
def test_a_body_that_is_no_object_is_400(reader: Reader, body: str) -> None:
    answer = reader.client.post(ACT, body, content_type="application/json")

    assert answer.status_code == 400


def test_who_may_not_acknowledge_is_told_so(reader: Reader) -> None:
    reader.client.force_login(cast_people.auditor())

    assert act(reader).status_code == 403


def test_a_finding_of_others_cannot_be_acknowledged_nor_known(reader: Reader) -> None:
    cast_findings.of_pod(Cluster.objects.get(pk=1), id=7)
    reader.client.force_login(cast_people.viewer())
    path = "/api/v1/findings/7/acknowledge"

    answer = reader.client.post(path, WISH, content_type="application/json")

    assert answer.status_code == 404


def test_a_rule_that_there_is_not_is_400_and_names_those_there_are(
    reader: Reader,
) -> None:
    answer = reader.get("findings/?rule=F99")

    details = answer.json()["error"]["details"]
    assert (answer.status_code, details["parameter"]) == (400, "rule")
    assert {"F01", "F30", "C03"} < set(details["accepted"])
