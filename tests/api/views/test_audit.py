from ipamweb.access import audit
from tests import cast_people
from tests.api.conftest import Reader


def test_an_entry_is_told_whole(reader: Reader) -> None:
    entry = audit.record(
        "cluster.edit", by=None, subject="lab", before={"a": 1}, after={"a": 2}
    )

    assert reader.results("audit/?act=cluster") == [
        {
            "sequence": 2,
            "moment": "2026-11-22T14:00:05Z",
            "actor": "",
            "actor_id": None,
            "act": "cluster.edit",
            "subject": "lab",
            "before": {"a": 1},
            "after": {"a": 2},
            "origin": "",
            "request_id": "",
            "hash": entry.hash,
        }
    ]


def test_an_answer_is_known_until_the_next_entry(reader: Reader) -> None:
    etag = reader.get("audit/")["ETag"]

    assert reader.get("audit/", headers={"If-None-Match": etag}).status_code == 304
    audit.record("sign-out", by=None, subject="user ada")
    assert reader.get("audit/", headers={"If-None-Match": etag}).status_code == 200


def test_for_a_viewer_there_is_no_log(reader: Reader) -> None:
    reader.client.force_login(cast_people.viewer())

    assert reader.get("audit/").status_code == 404
