"""The command that exports: the same data and columns as REST."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client

from ipamweb.access.models import AuditEntry, SavedView, User
from ipamweb.exports import sources
from ipamweb.exports.models import ExportJob
from tests import cast_people

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
    ("words", "query"),
    [
        (["--filter", "namespace=shop"], "namespace=shop"),
        (["--fields", "address,pod"], "fields=address,pod"),
        (
            ["--cluster", "prod-eu", "--at", "2026-11-22T12:15:00Z", "--raw"],
            "cluster=prod-eu&at=2026-11-22T12:15:00Z&raw=1",
        ),
        (
            ["--filter", "until=2026-11-22T12:20:00Z", "--filter", "q=old=1"],
            "until=2026-11-22T12:20:00Z&q=old%3D1",
        ),
        (["--filter", "older_than=90m", "--filter", "raw=0"], "older_than=90m&raw=0"),
    ],
)
def test_a_wish_is_that_of_the_same_parameters_in_rest(
    run, signed_in: Client, capfdbinary, words, query
):
    sent = signed_in.get(f"/api/v1/export/allocations.csv?{query}")
    data = b"".join(sent.streaming_content)

    run("export", "allocations", *words)

    by_rest, by_command = ExportJob.objects.order_by("id")
    assert by_command.wish == by_rest.wish
    assert capfdbinary.readouterr().out == data


def test_a_view_is_opened_as_its_user_opens_it(run, signed_in: Client, capfdbinary):
    ada = User.objects.get(username="ada")
    cast_people.insert_view(ada)
    signed_in.force_login(ada)
    sent = signed_in.get("/api/v1/export/nodes.csv?view=hot&cluster=prod-eu")
    data = b"".join(sent.streaming_content)

    run("export", "nodes", "--cluster", "prod-eu", "--view", "hot", "--user", "ada")

    by_rest, by_command = ExportJob.objects.order_by("id")
    assert by_command.wish == by_rest.wish
    assert by_command.wish["asked"]["zone"] == "eu-b"
    assert capfdbinary.readouterr().out == data


def test_a_view_that_is_shared_is_opened_by_others_with_its_owner(run, capfdbinary):
    view = cast_people.insert_view(User.objects.get(username="ada"))
    cast_people.viewer("vera")
    shared = ("export", "nodes", "--view", "ada/hot", "--user", "vera")
    with pytest.raises(CommandError, match="no view 'ada/hot' of nodes that you may"):
        run(*shared)

    view.everybody = True
    view.save()
    run(*shared)

    assert capfdbinary.readouterr().out.startswith(b"name,slots_used,slots_total\r\n")


def test_whose_view_it_is_changes_nothing_of_what_is_seen(run, capfdbinary):
    """A command sees everything, also by the view of who sees less."""
    vera = cast_people.viewer("vera")
    cast_people.insert_view(vera)
    SavedView.objects.update(
        table="allocations", query={"q": "cart-0"}, columns=[], sort=""
    )

    run("export", "allocations", "--view", "hot", "--user", "vera")

    assert b",shop,cart-0," in capfdbinary.readouterr().out


def test_bytes_that_are_no_text_find_nothing(run, capfdbinary):
    run("export", "allocations", "--filter", "pod=\udcff", "--fields", "pod")

    assert capfdbinary.readouterr().out == b"pod\r\n"


AT = "2026-11-22T12:15:00Z"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["pools", "--cluster", "nowhere"], "no cluster 'nowhere'"),
        (["pools", "--out", "/nowhere/at/all"], "cannot write /nowhere/at/all"),
        (
            ["usage", "--at", AT],
            "There is no parameter 'at' here. Accepted: cluster, family, fields, ",
        ),
        (["audit", "--cluster", "prod-eu"], "There is no parameter 'cluster' here"),
        (["pools", "--at", "yesterday"], "at: 'yesterday' is no RFC 3339 time"),
        (
            ["pools", "--fields", "name,pods"],
            "fields: 'pods' is not accepted. Accepted:",
        ),
        (["nodes", "--fields", ""], "fields: '' is not accepted. Accepted: "),
        (["allocations", "--filter", "kind"], "takes name=value, and 'kind' has no ="),
        (["allocations", "--filter", "kind=x"], "kind: 'x' is not accepted. Accepted:"),
        (
            ["allocations", "--filter", "kind=pod", "--filter", "kind=router"],
            "kind is given 2 times",
        ),
        (["pools", "--cluster", "lab", "--filter", "cluster=lab"], "given 2 times"),
        (
            ["allocations", "--filter", "until=2026-11-22T11:00:00Z"],
            "History begins at 2026-11-22T12:00:00Z, so until lies before",
        ),
        (["nodes", "--view", "hot"], "--view and --user go together"),
        (["nodes", "--user", "ada"], "--view and --user go together"),
        (["nodes", "--filter", "view=hot"], "There is no parameter 'view' here"),
        (["usage", "--view", "hot", "--user", "ada"], "There is no parameter 'view'"),
        (
            ["nodes", "--view", "hot", "--user", "ada"],
            "no view 'hot' of nodes that you",
        ),
        (["nodes", "--view", "hot", "--user", "nobody"], "no active user 'nobody'"),
    ],
)
def test_a_mistake_is_one_line(run, words, why):
    with pytest.raises(CommandError, match=re.escape(why)):
        run("export", *words)

    assert not ExportJob.objects.exists()
