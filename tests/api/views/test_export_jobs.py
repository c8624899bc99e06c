"""The records of exports are found by their list and by what became of them."""

import pytest

from ipamweb.access.models import User
from ipamweb.exports.models import ExportJob
from tests import cast_people
from tests.api.conftest import Reader


@pytest.fixture
def exported(reader: Reader) -> Reader:
    """A reader who had nodes and pools, and another user who had pools."""
    for path in ("nodes.csv", "pools.csv"):
        assert b"".join(reader.get(f"export/{path}").streaming_content)
    cast_people.insert_export(User.objects.get(username="ada"))
    ExportJob.objects.filter(pk=600).update(state="waiting")
    vera = cast_people.viewer("vera")
    job = ExportJob.objects.get(what="pools")
    job.pk, job.maker, job.state = 700, vera, "broken"
    job.save(force_insert=True)
    return reader


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("what=pools", [("pools", "broken"), ("pools", "finished")]),
        ("what=nodes", [("nodes", "waiting"), ("nodes", "finished")]),
        ("what=audit", []),
        ("state=waiting", [("nodes", "waiting")]),
        ("state=running", []),
        ("what=pools&state=finished", [("pools", "finished")]),
        ("what=pools&limit=1", [("pools", "broken")]),
    ],
)
def test_exports_are_found(
    exported: Reader, query: str, found: list[tuple[str, str]]
) -> None:
    rows = exported.results(f"exports/?{query}")

    assert [(row["what"], row["state"]) for row in rows] == found


def test_a_filter_finds_ones_own_only(exported: Reader) -> None:
    exported.client.force_login(User.objects.get(username="vera"))

    assert [row["id"] for row in exported.results("exports/?what=pools")] == [700]
    assert exported.results("exports/?what=nodes") == []


@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        ("what=pods", "what", [
            "allocations", "nodes", "pools", "blocks", "findings", "usage", "audit",
        ]),
        ("state=done", "state", ["waiting", "running", "finished", "broken"]),
    ],
)  # fmt: skip
def test_another_word_is_400_and_names_those_there_are(
    reader: Reader, query: str, parameter: str, accepted: list[str]
) -> None:
    answer = reader.get(f"exports/?{query}")

    details = answer.json()["error"]["details"]
    assert answer.status_code == 400
    assert details["parameter"] == parameter
    assert sorted(details["accepted"]) == sorted(accepted)
