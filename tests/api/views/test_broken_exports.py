"""Exports that do not become whole, and what is written down of them."""

from typing import Any

import pytest

from ipamweb.access.models import AuditEntry
from ipamweb.exports import sources, stream
from ipamweb.exports.models import ExportJob
from ipamweb.exports.wishes import Wish
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.api import described
from tests.api.conftest import Reader


def test_an_error_on_the_way_is_raised_and_written_down(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise OSError("the database is gone")
        yield

    monkeypatch.setattr(sources, "batches", broken)
    answer = reader.get("export/allocations.csv")

    with pytest.raises(OSError, match="gone"):
        b"".join(answer.streaming_content)

    last = AuditEntry.objects.order_by("-sequence").first()
    assert last is not None
    assert last.act == "export.break"
    assert (ExportJob.objects.get().state, ExportJob.objects.get().sha256) == (
        "broken",
        "",
    )


def test_who_leaves_leaves_a_broken_export(reader: Reader) -> None:
    _, parts = stream.begin(
        Wish("allocations", "csv"), by=None, scope=EVERYTHING, now=cast.NOW
    )
    next(parts)

    parts.close()

    job = ExportJob.objects.get()
    assert (job.state, job.why) == ("broken", "the reader left")


@pytest.mark.parametrize("what", ["allocations.zip", "nodes.csv"])
def test_who_leaves_before_the_first_byte_leaves_a_broken_export_too(
    reader: Reader, what: str
) -> None:
    answer = reader.get(f"export/{what}")

    with described.kept_connection():
        answer.close()

    job = ExportJob.objects.get()
    assert (job.state, job.rows, job.why) == ("broken", 0, "the reader left")
    assert job.ended_at
    last = AuditEntry.objects.order_by("-sequence")[0]
    assert last.act == "export.break"
