"""Whole lists as files, and what is written down of them."""

import csv
import hashlib
import io
import json
import zipfile
from typing import Any

import pyarrow.parquet
import pytest

from ipamweb.access.models import AuditEntry, User
from ipamweb.api import wishes
from ipamweb.exports import allocation_columns, columns
from ipamweb.exports.models import ExportJob
from ipamweb.mirror.models import Allocation
from tests import cast_people
from tests.api.conftest import Reader
from tests.cast import uid

LISTS = {
    "allocations": "clusters/prod-eu/allocations/?limit=1000",
    "nodes": "clusters/prod-eu/nodes/",
    "pools": "clusters/prod-eu/pools/",
    "blocks": "clusters/prod-eu/blocks/",
    "findings": "findings/",
    "usage": "usage/",
}
AT = "at=2026-11-22T12:15:00Z"


def content(reader: Reader, path: str) -> bytes:
    return whole(reader, f"export/{path}")


def whole(reader: Reader, path: str) -> bytes:
    answer = reader.get(path)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def table(reader: Reader, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(reader, path).decode(), newline="")))


def lines(reader: Reader, path: str) -> list[Any]:
    return [json.loads(line) for line in content(reader, path).splitlines()]


@pytest.mark.parametrize("what", LISTS)
def test_an_export_has_the_rows_of_its_list(reader: Reader, what: str) -> None:
    listed = reader.results(LISTS[what])

    *rows, _ = lines(reader, f"{what}.ndjson?cluster=prod-eu")

    assert len(rows) == len(listed)
    for row, other in zip(rows, listed, strict=True):
        assert {name: row[name] for name in other} == other


def test_an_export_of_the_past_has_the_rows_of_the_list_of_then(reader: Reader) -> None:
    listed = reader.results(f"clusters/prod-eu/allocations/?{AT}")

    *rows, _ = lines(reader, f"allocations.ndjson?{AT}")

    assert rows == listed
    assert "10.0.0.35" in {row["address"] for row in rows}


@pytest.mark.parametrize(
    "asked",
    [
        "within=10.0.0.32/28",
        "q=cart",
        "state=terminating",
        "state=held&family=6",
        "namespace=shop",
        "kind=router",
        "node=worker-b&pool=cilium-cluster-pool-v4",
        f"uid={uid(421)}",
        "older_than=1h",
        "since=2026-11-22T12:00:00Z&until=2026-11-22T12:20:00Z",
    ],
)
def test_every_filter_of_the_list_is_one_of_the_export(
    reader: Reader, asked: str
) -> None:
    listed = reader.results(f"clusters/prod-eu/allocations/?limit=1000&{asked}")

    *rows, _ = lines(reader, f"allocations.ndjson?cluster=prod-eu&{asked}")

    assert listed
    assert rows == listed


def test_a_cluster_without_history_refuses_no_window_of_all_others(
    reader: Reader,
) -> None:
    """lab was never read: what is known of prod-eu until a time is all there is."""
    window = "until=2026-11-22T12:15:00Z"

    *rows, _ = lines(reader, f"allocations.ndjson?{window}")
    *of_prod, _ = lines(reader, f"allocations.ndjson?cluster=prod-eu&{window}")

    assert rows
    assert rows == of_prod


def test_the_csv_has_a_line_for_each_row_and_nothing_else(reader: Reader) -> None:
    rows = table(reader, "allocations.csv?address=10.0.0.35")

    assert rows == [
        {
            "id": "41",
            "cluster": "prod-eu",
            "address": "10.0.0.35",
            "family": "4",
            "kind": "pod",
            "state": "held",
            "node": "worker-b",
            "block": "10.0.0.32/28",
            "pool": "cilium-cluster-pool-v4",
            "network": "",
            "owner_hidden": "false",
            "namespace": "shop",
            "pod": "cart-0",
            "uid": uid(421),
            "workload_kind": "",
            "workload_name": "",
            "source": "pod-status",
            "confidence": "derived",
            "from_earliest": "2026-11-22T12:29:55Z",
            "valid_from": "2026-11-22T12:30:00Z",
            "valid_to": "",
            "to_latest": "",
            "terminating_at": "",
            "opened_by": "watch",
            "closed_by": "",
        }
    ]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("what", [*LISTS, "audit"])
def test_a_list_in_another_format_is_its_export(
    reader: Reader, what: str, form: str
) -> None:
    path = LISTS.get(what, "audit/").partition("?")[0]
    # The log gets longer with each export: what was there before them is compared.
    until = "until=2026-11-22T13:59:00Z" if what == "audit" else ""
    of_cluster = "cluster=prod-eu" if "clusters/" in path else ""

    sent = content(reader, f"{what}.{form}?{until}{of_cluster}")
    listed = whole(reader, f"{path}?format={form}&{until}")

    if form == "ndjson":
        (*rows, mine), (*others, other) = sent.splitlines(), listed.splitlines()
        assert rows == others
        mine, other = (json.loads(each)["summary"] for each in (mine, other))
        assert other == {**mine, "export": other["export"]}
    else:
        assert listed == sent
    begun = AuditEntry.objects.filter(act="export.start").order_by("sequence")
    assert [each.after and each.after["format"] for each in begun] == [form, form]
    assert ExportJob.objects.filter(state="finished").count() == 2


def test_a_list_in_another_format_takes_its_filters(reader: Reader) -> None:
    asked = f"within=10.0.0.32/28&fields=address,pod&{AT}"
    listed = reader.results(f"clusters/prod-eu/allocations/?{asked}")

    data = whole(reader, f"clusters/prod-eu/allocations/?{asked}&format=ndjson")

    *rows, last = map(json.loads, data.splitlines())
    assert rows == listed
    assert last["summary"]["filters"]["within"] == "10.0.0.32/28"


@pytest.mark.parametrize("asked", ["limit=5", "cursor=a.b", f"vs={AT[3:]}"])
def test_what_goes_with_pages_is_refused_beside_a_whole_list(
    reader: Reader, asked: str
) -> None:
    if asked.startswith("cursor"):
        following = reader.json("clusters/prod-eu/nodes/?limit=1")["next"]
        asked = following.partition("&")[2]
    name = asked.partition("=")[0]

    answer = reader.get(f"clusters/prod-eu/nodes/?format=csv&{asked}")

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        f"{name} goes with format=json: csv and ndjson have all rows."
    )
    assert not ExportJob.objects.exists()


def test_a_list_without_an_export_is_json(reader: Reader) -> None:
    answer = reader.get("clusters/prod-eu/pods/?format=csv")

    assert (answer.status_code, answer.json()["error"]["details"]["accepted"]) == (
        400,
        ["json"],
    )


def test_a_list_as_a_file_is_as_hidden_as_the_list(reader: Reader) -> None:
    victor = cast_people.viewer()
    cast_people.owns(cast_people.team("web", victor), "shop")
    reader.client.force_login(victor)

    data = whole(reader, "clusters/prod-eu/allocations/?format=csv")

    assert b",shop,cart-0," in data
    assert b"web-01" not in data
    assert reader.get("audit/?format=csv").status_code == 404
    assert reader.get("clusters/nowhere/nodes/?format=csv").status_code == 404
    reader.client.logout()
    assert reader.get("clusters/prod-eu/nodes/?format=csv").status_code == 401


@pytest.mark.parametrize("what", LISTS)
def test_every_field_of_a_list_is_one_of_its_export(reader: Reader, what: str) -> None:
    """Each lies in at least one column, and no column is beside all fields."""
    listed = wishes.LISTS[what].serializer_class

    assert {*columns.fields(what)} == {"cluster", *listed().fields}


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_fields_are_those_that_are_asked_for_in_their_order(
    reader: Reader, form: str
) -> None:
    asked = "cluster=prod-eu&q=worker-b&fields=slots_used,families,name,name"
    names = [name for name in columns.names("nodes") if name[-3:] in ("_v4", "_v6")]

    data = content(reader, f"nodes.{form}?{asked}")

    if form == "csv":
        assert data.splitlines()[0].decode().split(",") == [
            "slots_used",
            *names,
            "name",
        ]
        assert data.splitlines()[1].startswith(b"6,")
    elif form == "ndjson":
        listed = reader.results("clusters/prod-eu/nodes/?q=worker-b")
        assert json.loads(data.splitlines()[0]) == {
            name: listed[0][name] for name in ("slots_used", "families", "name")
        }
    else:
        (row,) = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
        assert [*row] == ["slots_used", *names, "name"]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_fields_of_what_is_held_are_cut_from_the_whole(
    reader: Reader, form: str
) -> None:
    """Allocations go out column by column: the same values, fewer of them."""
    if form == "csv":
        every = table(reader, "allocations.csv")
        some: list[Any] = table(reader, "allocations.csv?fields=pod,address")
    else:
        *every, _ = lines(reader, "allocations.ndjson")
        *some, _ = lines(reader, "allocations.ndjson?fields=pod,address")

    assert [[*row.items()] for row in some] == [
        [("pod", row["pod"]), ("address", row["address"])] for row in every
    ]


def test_a_view_is_opened_by_its_name(reader: Reader) -> None:
    cast_people.insert_view(User.objects.get(username="ada"))
    listed = reader.results("clusters/prod-eu/nodes/?view=hot")

    *rows, last = lines(reader, "nodes.ndjson?view=hot&cluster=prod-eu")
    data = whole(reader, "clusters/prod-eu/nodes/?view=hot&format=ndjson")

    assert [row["name"] for row in rows] == ["worker-c", "worker-b"]
    assert rows == listed == [json.loads(line) for line in data.splitlines()[:-1]]
    # Evidence says what was asked, not by which name: views change.
    assert last["summary"]["filters"] == {
        "cluster": "prod-eu",
        "zone": "eu-b",
        "ordering": "-name",
        "fields": "name,slots_used,slots_total",
    }
    assert reader.get("export/pools.csv?view=hot").status_code == 400
    reader.client.force_login(cast_people.viewer())
    assert reader.get("export/nodes.csv?view=hot").status_code == 400


@pytest.mark.parametrize("what", LISTS)
def test_every_format_has_the_same_columns(reader: Reader, what: str) -> None:
    text = table(reader, f"{what}.csv")
    arrow = pyarrow.parquet.read_table(
        io.BytesIO(content(reader, f"{what}.parquet"))
    ).to_pylist()

    assert {tuple(row) for row in text} <= {columns.names(what)}
    assert {tuple(row) for row in arrow} <= {columns.names(what)}
    assert len(arrow) == len(text)


def test_a_node_lies_flat_in_csv(reader: Reader) -> None:
    row = table(reader, "nodes.csv?cluster=prod-eu&q=worker-b")[0]

    assert (row["cidrs"], row["allocated_v4"], row["free_v4"]) == (
        "10.0.0.32/28 fd00::20/124",
        "7",
        "7",
    )
    assert row["allocated_by_kind_v4"] == "pod=5 router=1 health=1"


def test_json_is_one_object_with_what_it_is_as_of(reader: Reader) -> None:
    found = json.loads(content(reader, "allocations.json?cluster=prod-eu"))

    assert found["as_of"] == "2026-11-22T14:00:00Z"
    assert found["clusters"]["prod-eu"]["generation"] == 7
    assert len(found["results"]) == Allocation.objects.count()


def test_no_rows_are_no_broken_file(reader: Reader) -> None:
    nothing = "kind=tunnel"

    assert table(reader, f"allocations.csv?{nothing}") == []
    assert json.loads(content(reader, f"allocations.json?{nothing}"))["results"] == []
    assert len(lines(reader, f"allocations.ndjson?{nothing}")) == 1


def test_what_it_is_as_of_stands_in_headers_and_name(reader: Reader) -> None:
    answer = reader.get("export/allocations.csv?cluster=prod-eu&namespace=shop")

    assert answer["Ipamweb-As-Of"] == "2026-11-22T14:00:00Z"
    assert answer["Ipamweb-Generation"] == "prod-eu=7"
    assert answer["Ipamweb-Filters"] == "cluster=prod-eu&namespace=shop"
    assert answer["Content-Disposition"] == (
        'attachment; filename="'
        'allocations_prod-eu_2026-11-22T140000Z_g7_namespace=shop.csv"'
    )
    assert "Content-Length" not in answer
    b"".join(answer.streaming_content)


def test_two_audit_entries_say_begun_and_whole(reader: Reader) -> None:
    seen = AuditEntry.objects.count()

    data = content(reader, "allocations.csv?cluster=prod-eu")

    begun, whole = AuditEntry.objects.filter(sequence__gt=seen).order_by("sequence")
    assert (begun.act, whole.act) == ("export.start", "export.finish")
    assert begun.subject == whole.subject == "allocations of prod-eu"
    assert begun.after is not None
    assert begun.after["filters"] == {"cluster": "prod-eu"}
    assert whole.after is not None
    assert whole.after["rows"] == Allocation.objects.count()
    assert whole.after["sha256"] == hashlib.sha256(data).hexdigest()
    assert whole.after["bytes"] == len(data)


def test_the_last_line_of_ndjson_says_it_is_whole(reader: Reader) -> None:
    data = content(reader, "allocations.ndjson?cluster=prod-eu")
    rows, _, last = data.rstrip(b"\n").rpartition(b"\n")

    summary = json.loads(last)["summary"]

    assert summary["rows"] == rows.count(b"\n") + 1
    assert summary["sha256"] == hashlib.sha256(rows + b"\n").hexdigest()
    assert summary["as_of"] == "2026-11-22T14:00:00Z"


def test_a_zip_holds_the_csv_and_the_evidence(reader: Reader) -> None:
    archive = zipfile.ZipFile(
        io.BytesIO(content(reader, "allocations.zip?cluster=prod-eu&namespace=shop"))
    )
    name, other = archive.namelist()
    manifest = json.loads(archive.read("manifest.json"))

    assert other == "manifest.json"
    assert manifest["file"] == name
    assert manifest["sha256"] == hashlib.sha256(archive.read(name)).hexdigest()
    assert manifest["rows"] == archive.read(name).count(b"\r\n") - 1
    assert (manifest["made_by"], manifest["as_of"]) == ("ada", "2026-11-22T14:00:00Z")
    assert manifest["filters"] == {"cluster": "prod-eu", "namespace": "shop"}


def test_a_cell_that_begins_like_a_formula_is_marked_unless_it_is_for_machines(
    reader: Reader,
) -> None:
    Allocation.objects.filter(pk=41).update(source='=1+1,"x"')

    safe = table(reader, "allocations.csv?address=10.0.0.35")
    raw = table(reader, "allocations.csv?address=10.0.0.35&raw=1")

    assert (safe[0]["source"], raw[0]["source"]) == ('\'=1+1,"x"', '=1+1,"x"')
    *rows, _ = lines(reader, "allocations.ndjson?address=10.0.0.35")
    assert rows[0]["source"] == '=1+1,"x"'


def test_names_are_only_for_who_may_see_them(reader: Reader) -> None:
    victor = cast_people.viewer()
    cast_people.owns(cast_people.team("web", victor), "shop")
    reader.client.force_login(victor)
    listed = reader.results(LISTS["allocations"])

    *rows, _ = lines(reader, "allocations.ndjson?cluster=prod-eu")

    assert rows == listed
    assert {row["namespace"] for row in rows} == {"", "shop"}
    assert any(row["owner_hidden"] for row in rows)


def test_the_audit_log_is_exported_for_auditors_only(reader: Reader) -> None:
    rows = table(reader, "audit.csv")

    assert rows[0]["act"] == "export.start"
    reader.client.force_login(cast_people.viewer())
    assert reader.get("export/audit.csv").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("allocations.xlsx", 404),
        ("secrets.csv", 404),
        ("allocations.csv?cluster=nowhere", 404),
        ("allocations.csv?limit=5", 400),
        ("allocations.csv?raw=yes", 400),
        ("nodes.csv?vs=2026-11-22T12:15:00Z", 400),
        ("nodes.csv?fields=address", 400),
        ("usage.csv?view=hot", 400),
        ("nodes.csv?ordering=slots_free&at=2026-11-22T12:15:00Z", 400),
        ("usage.csv?at=2026-11-22T12:15:00Z", 400),
        ("allocations.csv?until=2026-11-22T11:00:00Z", 400),
        ("allocations.csv?cluster=lab&until=2026-11-22T12:15:00Z", 400),
    ],
)
def test_a_wrong_wish_is_told_before_anything_is_written(
    reader: Reader, path: str, status: int
) -> None:
    assert reader.get(f"export/{path}").status_code == status
    assert not ExportJob.objects.exists()


def test_parquet_without_its_package_is_one_sentence(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipamweb.exports.parquet.is_installed", lambda: False)

    answer = reader.get("export/allocations.parquet")

    assert answer.status_code == 400
    assert "pip install" in answer.json()["error"]["message"]


def test_http_1_0_gets_a_length_for_what_broke_would_look_whole(reader: Reader) -> None:
    answer = reader.get("export/allocations.csv", SERVER_PROTOCOL="HTTP/1.0")

    assert int(answer["Content-Length"]) == len(b"".join(answer.streaming_content))


def test_a_head_writes_nothing_down(reader: Reader) -> None:
    answer = reader.client.head("/api/v1/export/allocations.csv")

    assert answer["Content-Type"].startswith("text/csv")
    assert not ExportJob.objects.exists()


def test_the_columns_of_allocations_are_those_of_rest(reader: Reader) -> None:
    row = reader.results("clusters/prod-eu/allocations/?limit=1")[0]

    assert tuple(row) == allocation_columns.NAMES
