"""The command that exports: the same data and columns as REST."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client

from ipamweb.access.models import AuditEntry
from ipamweb.exports import sources

pytestmark = pytest.mark.usefixtures("signed_in")


@pytest.mark.parametrize("what", ["allocations", "nodes", "pools", "findings"])
def test_the_command_writes_what_rest_sends(run, signed_in: Client, tmp_path, what):
    file = tmp_path / "list.csv"
    sent = signed_in.get(f"/api/v1/export/{what}.csv?cluster=prod-eu")

    (said,) = run("export", what, "--cluster", "prod-eu", "--out", str(file))

    assert file.read_bytes() == b"".join(sent.streaming_content)
    assert said.endswith(f" rows in {file}")


def test_without_a_file_it_goes_to_standard_output(run, capfdbinary):
    run("export", "allocations", "--format", "ndjson", "--at", "2026-11-22T12:15:00Z")

    *rows, last = capfdbinary.readouterr().out.splitlines()
    assert json.loads(last)["summary"]["rows"] == len(rows)
    assert "batch" in {json.loads(row)["namespace"] for row in rows}


def test_the_audit_log_says_that_a_command_exported(run, tmp_path):
    run("export", "pools", "--out", str(tmp_path / "pools.csv"))

    last = AuditEntry.objects.order_by("-sequence")[0]
    assert (last.act, last.origin) == ("export.finish", "command export")


def test_a_file_is_there_only_when_it_is_whole(run, tmp_path: Path, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("seeded")
        yield

    monkeypatch.setattr(sources, "batches", broken)

    with pytest.raises(RuntimeError, match="seeded"):
        run("export", "allocations", "--out", str(tmp_path / "list.csv"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["pools", "--cluster", "nowhere"], "no cluster 'nowhere'"),
        (["pools", "--out", "/nowhere/at/all"], "cannot write /nowhere/at/all"),
        (["usage", "--at", "2026-11-22T12:15:00Z"], "usage have no --at"),
        (["pools", "--at", "yesterday"], "'yesterday' is no time"),
    ],
)
def test_a_mistake_is_one_line(run, words, why):
    with pytest.raises(CommandError, match=why):
        run("export", *words)
