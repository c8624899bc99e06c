"""Files made in the background: by whom, for whom, and how long they are kept."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ipamweb.access.models import AuditEntry, Team, User
from ipamweb.exports import files, sources, tasks
from ipamweb.exports.models import ExportJob, ExportPiece
from ipamweb.exports.records import Superseded
from ipamweb.mirror.models import Cluster
from ipamweb.mirror.queries.past_filters import NoWindow
from tests import cast, cast_people
from tests.api.conftest import Reader, reader, stopped_clock

__all__ = ["reader", "stopped_clock"]
LATER = cast.NOW + timedelta(days=1, minutes=1)


def ask(reader: Reader, **body: Any) -> Any:
    return reader.client.post(
        "/api/v1/exports/",
        {"what": "allocations", **body},
        content_type="application/json",
    )


def acts() -> list[str]:
    return list(
        AuditEntry.objects.filter(act__startswith="export")
        .order_by("sequence")
        .values_list("act", flat=True)
    )


def test_a_file_is_asked_for_made_and_fetched(reader: Reader) -> None:
    sent = b"".join(reader.get("export/allocations.csv?cluster=prod-eu"))
    answer = ask(reader, filters={"cluster": "prod-eu"})
    path = f"exports/{answer.json()['id']}/"
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/{path}")
    assert (answer.json()["state"], answer.json()["file"]) == ("waiting", None)
    assert answer.json()["rows_expected"] == 45

    assert tasks.make_files() == 1

    made = reader.json(path)
    fetched = reader.get(f"{path}file")
    data = b"".join(fetched.streaming_content)
    assert (made["state"], made["file"]) == ("finished", f"/api/v1/{path}file")
    assert data == sent
    assert made["sha256"] == hashlib.sha256(data).hexdigest()
    assert (made["rows"], made["bytes"]) == (data.count(b"\r\n") - 1, len(data))
    assert fetched["Content-Length"] == str(len(data))
    assert acts()[2:] == ["export.start", "export.finish", "export.fetch"]


@pytest.mark.parametrize("form", ["ndjson", "json", "zip", "parquet"])
def test_every_format_can_be_made_in_pieces(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(files, "PIECE", 500)
    number = ask(reader, format=form).json()["id"]

    files.make_waiting()

    data = b"".join(reader.get(f"exports/{number}/file").streaming_content)
    starts = {"ndjson": b'{"id":', "json": b'{"what":', "zip": b"PK", "parquet": b"PAR"}
    assert data.startswith(starts[form])
    if form == "ndjson":
        assert json.loads(data.splitlines()[-1])["summary"]["rows"] == 45


def test_only_its_maker_may_fetch_it_and_auditors_see_that_it_was_made(
    reader: Reader,
) -> None:
    number = ask(reader).json()["id"]
    files.make_waiting()

    reader.client.force_login(cast_people.auditor())
    assert reader.json(f"exports/{number}/")["made_by"] == "ada"
    assert reader.get(f"exports/{number}/file").status_code == 404
    reader.client.force_login(cast_people.viewer())
    assert reader.get(f"exports/{number}/").status_code == 404
    assert reader.results("exports/") == []


def test_who_may_see_less_than_then_does_not_get_the_file(reader: Reader) -> None:
    victor = cast_people.viewer()
    cast_people.owns(cast_people.team("web", victor), "shop")
    reader.client.force_login(victor)
    number = ask(reader).json()["id"]
    files.make_waiting()
    assert reader.get(f"exports/{number}/file").status_code == 200

    Team.objects.filter(slug="web").delete()

    assert reader.get(f"exports/{number}/file").status_code == 404


def test_a_file_shows_what_its_maker_may_see(reader: Reader) -> None:
    victor = cast_people.viewer()
    cast_people.owns(cast_people.team("web", victor), "shop")
    reader.client.force_login(victor)
    number = ask(reader).json()["id"]

    files.make_waiting()

    data = b"".join(reader.get(f"exports/{number}/file").streaming_content)
    assert b",shop,cart-0," in data
    assert b"web-01" not in data


def test_who_was_switched_off_gets_no_file_made(reader: Reader) -> None:
    victor = cast_people.viewer()
    reader.client.force_login(victor)
    ask(reader)
    victor.is_active = False
    victor.save()

    with pytest.raises(PermissionError):
        files.make_waiting()

    assert (ExportJob.objects.get().state, acts()[-1]) == ("broken", "export.break")


def test_a_process_that_died_leaves_its_job_to_another(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after some pieces: the next begins anew, and no piece is there twice."""
    number = ask(reader).json()["id"]
    sent = b"".join(reader.get("export/allocations.csv"))
    monkeypatch.setattr(files, "PIECE", 100)
    whole = sources.batches

    def killed(*given: Any, **more: Any) -> Any:
        yield next(whole(*given, **more))
        raise KeyboardInterrupt

    monkeypatch.setattr(sources, "batches", killed)
    with pytest.raises(KeyboardInterrupt):
        files.make_waiting()
    monkeypatch.setattr(sources, "batches", whole)
    assert ExportPiece.objects.exists()
    assert files.make_waiting() == 0

    ExportJob.objects.update(seen_at=cast.NOW - files.DEAD_AFTER - timedelta(seconds=1))

    assert files.make_waiting() == 1
    assert b"".join(reader.get(f"exports/{number}/file").streaming_content) == sent


def test_a_process_that_was_thought_dead_writes_nothing_more(reader: Reader) -> None:
    ask(reader)
    job = files._taken_up(timezone.now())
    assert job is not None
    ExportJob.objects.update(turn=2)

    with pytest.raises(Superseded):
        files._keep(job, 0, b"late", files.Tally())
    files.make(job)

    assert not ExportPiece.objects.exists()
    assert "export.finish" not in acts()


def test_a_file_is_kept_for_a_day_and_its_record_longer(reader: Reader) -> None:
    number = ask(reader).json()["id"]
    files.make_waiting()

    files.forget(now=LATER, records_until=cast.NOW - timedelta(days=30))

    assert not ExportPiece.objects.exists()
    assert reader.get(f"exports/{number}/file").status_code == 404
    assert reader.json(f"exports/{number}/")["state"] == "finished"
    files.forget(now=LATER, records_until=LATER)
    assert not ExportJob.objects.exists()


def test_what_never_ended_is_written_down_as_broken(reader: Reader) -> None:
    reader.get("export/allocations.csv")

    files.forget(now=LATER, records_until=cast.NOW - timedelta(days=30))

    assert ExportJob.objects.get().state == "broken"
    assert acts() == ["export.start", "export.break"]


def test_a_user_waits_for_a_few_files_at_most(reader: Reader) -> None:
    for _ in range(files.MOST_WAITING):
        assert ask(reader).status_code == 202

    assert ask(reader).status_code == 429


def test_a_view_is_opened_when_a_file_is_asked_for(reader: Reader) -> None:
    cast_people.insert_view(User.objects.get(username="ada"))

    made = ask(reader, what="nodes", format="ndjson", filters={"view": "hot"}).json()
    files.make_waiting()

    data = b"".join(reader.get(f"exports/{made['id']}/file").streaming_content)
    assert made["filters"]["zone"] == "eu-b"
    assert [json.loads(line).get("name") for line in data.splitlines()] == [
        "worker-c",
        "worker-b",
        None,
    ]
    assert ask(reader, what="usage", filters={"view": "hot"}).status_code == 400


def test_a_window_that_retention_overtakes_is_broken(reader: Reader) -> None:
    ask(reader, filters={"until": "2026-11-22T12:15:00Z"})
    Cluster.objects.filter(slug="prod-eu").update(pruned_to=cast.at("12:30:00"))

    with pytest.raises(NoWindow):
        files.make_waiting()

    job = ExportJob.objects.get()
    assert (job.state, job.why) == ("broken", "NoWindow")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"what": "secrets"}, 400),
        ({"format": "xlsx"}, 400),
        ({"filters": {"limit": "5"}}, 400),
        ({"filters": {"until": "2026-11-22T11:00:00Z"}}, 400),
        ({"filters": {"cluster": "nowhere"}}, 404),
    ],
)
def test_a_wrong_wish_is_refused(reader: Reader, body: Any, status: int) -> None:
    assert ask(reader, **body).status_code == status
    assert not ExportJob.objects.exists()


def test_the_audit_log_is_no_file_for_a_viewer(reader: Reader) -> None:
    reader.client.force_login(cast_people.viewer())

    assert ask(reader, what="audit").status_code == 404
