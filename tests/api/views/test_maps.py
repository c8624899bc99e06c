"""What maps are drawn from, byte for byte. The format: docs, "The map's data"."""

import gzip
from array import array
from base64 import b64decode
from typing import Any

import msgspec
import pytest

from ipamweb.mirror.models import Cluster, Node
from tests import cast
from tests.api.conftest import Reader

C = "clusters/prod-eu/"
POOL = f"{C}pools/cilium-cluster-pool-v4/blocks.bin"
TYPES = {"u8": "B", "u16": "H", "u32": "I"}


def columns(body: bytes) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """Return header and columns of blocks.bin, read as the document says."""
    assert body[:4] == b"IPMB"
    header = msgspec.json.decode(body[8 : 8 + int.from_bytes(body[4:8], "little")])
    found = {}
    for each in header["columns"]:
        numbers = array(TYPES[each["type"]])
        start = each["offset"]
        numbers.frombytes(body[start : start + header["count"] * numbers.itemsize])
        found[each["name"]] = numbers.tolist()
    return header, found


def test_the_blocks_of_a_pool_are_columns_behind_a_header(reader: Reader) -> None:
    header, found = columns(reader.get(POOL).content)

    assert (header["generation"], header["count"], header["zones"]) == (
        7, 3, ["", "eu-a", "eu-b"],
    )  # fmt: skip
    assert found == {
        "index": [1, 2, 3],
        "prefix_length": [28, 28, 28],
        "slots_used": [13, 6, 0],
        "slots_total": [13, 13, 14],
        "allocated": [14, 7, 0],
        "capacity": [14, 14, 14],
        "zone": [1, 2, 2],
        "flags": [0, 0, 2],
    }


def test_cells_are_a_byte_for_each_address(reader: Reader) -> None:
    answer = reader.get(f"{C}cells/10.0.0.32/28/")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer.content.hex(" ") == "05 02 03 01 01 01 11 41 00 00 00 00 00 00 00 05"


PATHS = [
    POOL, f"{C}cells/10.0.0.0/20/", f"{C}children/10.0.0.0/20/",
    f"{C}mask/10.0.0.0/20/?q=ns:shop", f"{C}windows/fd00::/64/",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_says_how_old_it_is_and_is_known_by_its_tag(
    reader: Reader, path: str
) -> None:
    etag = reader.get(path)["ETag"]
    assert reader.answer["Ipamweb-As-Of"] == "2026-11-22T14:00:00Z"

    answer = reader.get(path, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["Ipamweb-As-Of"] == "2026-11-22T14:00:00Z"


@pytest.mark.parametrize("path", PATHS)
def test_a_new_generation_has_another_tag(reader: Reader, path: str) -> None:
    before = reader.get(path)["ETag"]
    Cluster.objects.filter(slug="prod-eu").update(generation=8)

    assert reader.get(path)["ETag"] != before


@pytest.mark.parametrize("path", PATHS)
def test_head_is_answered_without_a_body(reader: Reader, path: str) -> None:
    answer = reader.client.head(f"/api/v1/{path}")

    assert (answer.status_code, answer.content) == (200, b"")


def test_who_can_unpack_gets_less_to_read(reader: Reader) -> None:
    plain = reader.get(f"{C}cells/10.0.0.0/20/").content
    packed = reader.get(f"{C}cells/10.0.0.0/20/", headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain
    assert len(packed.content) < 300


QUESTIONS = {"cells": "", "children": "", "mask": "?q=web", "windows": ""}


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize(
    ("cidr", "meant"),
    [
        ("10.0.0.5/24", "10.0.0.0/24"),
        ("FD00::/120", "fd00::/120"),
        ("fd00:0::/120", "fd00::/120"),
        ("10.0.0.0/024", "10.0.0.0/24"),
        ("::ffff:10.0.0.0/120", "10.0.0.0/24"),
    ],
)
def test_m8_a_cidr_has_one_spelling_and_the_error_names_it(
    reader: Reader, kind: str, cidr: str, meant: str
) -> None:
    answer = reader.get(f"{C}{kind}/{cidr}/{QUESTIONS[kind]}")
    error = answer.json()["error"]

    assert answer.status_code == 400
    assert error["details"] == {"parameter": "cidr", "accepted": [meant]}
    assert error["message"].endswith(f"Accepted: {meant}.")


@pytest.mark.parametrize("cidr", ["10.0.0.0/33", "x/8", "10.0.0.0/x", "fe80::%1/64"])
def test_what_is_no_cidr_is_refused_in_a_sentence(reader: Reader, cidr: str) -> None:
    answer = reader.get(f"{C}cells/{cidr}/")

    assert answer.status_code == 400
    assert "a CIDR such as 10.0.2.0/24" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("cells/10.0.0.0/15/", "has more than 65536 addresses"),
        ("cells/fd00::/111/", "IPv6 /112 and longer"),
        ("windows/10.0.0.0/16/", "10.0.0.0/16 has no windows"),
        ("windows/fd00::/121/", "IPv6 /120 and shorter"),
        ("mask/10.0.0.0/24/", "q is not given"),
        ("mask/10.0.0.0/24/?q=state:gone", "q: 'gone' is no state"),
        ("pools/cilium-cluster-pool-v4/blocks.bin?v=2", "Accepted: 1"),
        ("cells/10.0.0.0/24/?to=x", "There is no parameter 'to' here"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(
    reader: Reader, path: str, sentence: str
) -> None:
    answer = reader.get(f"{C}{path}")

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path",
    [
        f"{C}pools/nowhere/blocks.bin", "clusters/nowhere/cells/10.0.0.0/24/",
        f"{C}children/192.0.2.0/24/", f"{C}children/10.0.0.0/24/?pool=nowhere",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(reader: Reader, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_the_columns_begin_where_the_header_says_and_are_aligned(
    reader: Reader,
) -> None:
    body = reader.get(POOL).content
    header, _ = columns(body)

    assert all(each["offset"] % 8 == 0 for each in header["columns"])
    assert header["columns"][0]["offset"] == 8 + int.from_bytes(body[4:8], "little")
    assert header["columns"][-1]["offset"] + 8 == len(body)


def test_a_column_has_the_least_type_that_holds_it(reader: Reader) -> None:
    Node.objects.filter(name="worker-c").update(slots_used=70_000, slots_total=300)
    header, found = columns(reader.get(POOL).content)
    types = {each["name"]: each["type"] for each in header["columns"]}

    assert (types["slots_used"], types["slots_total"], types["zone"]) == (
        "u32", "u16", "u8",
    )  # fmt: skip
    assert (found["slots_used"], found["slots_total"]) == (
        [13, 6, 70_000],
        [13, 13, 300],
    )


def test_a_level_is_told_row_by_row(reader: Reader) -> None:
    body = reader.json(f"{C}children/10.0.0.0/20/")

    assert (body["level"], body["pool"], body["path"]) == (
        "blocks", "cilium-cluster-pool-v4", ["10.0.0.0/20"],
    )  # fmt: skip
    assert body["rows"][1] == {
        "kind": "unassigned", "first": "10.0.1.0", "last": "10.0.15.255",
        "cidr": None, "children": 15, "blocks_total": "240", "allocated": 0,
    }  # fmt: skip


def test_m5_the_rows_say_the_bytes_of_the_cells(reader: Reader) -> None:
    rows = reader.json(f"{C}children/10.0.0.0/24/")["rows"]
    cells = reader.get(f"{C}cells/10.0.0.0/24/").content

    assert bytes(row["byte"] for row in rows for _ in range(row["children"])) == cells


def test_m6_a_mask_has_a_bit_for_each_hit(reader: Reader) -> None:
    body = reader.json(f"{C}mask/10.0.0.32/28/?q=ns:shop")

    assert (body["hits"], body["of"], body["blocks"]) == (4, 7, [[0, 4]])
    # .35 to .38 of .32 to .47: 0001 1110 0000 0000.
    assert b64decode(body["bits"]) == bytes([0b0001_1110, 0])


def test_m9_windows_are_told_in_words_as_well(reader: Reader) -> None:
    body = reader.json(f"{C}windows/fd00::/64/")

    assert (body["size"], body["size_words"]) == (str(2**64), "2^64")
    assert body["windows"] == [
        {"cidr": "fd00::/120", "held": 20, "gap_before": "0", "gap_words": ""}
    ]
    assert (body["rest"], body["rest_words"]) == (str(2**64 - 256), "2^64 − 256")


def test_p6_the_largest_answers_stay_below_200_kb(reader: Reader) -> None:
    path = f"{C}children/10.0.4.0/24/"
    owner = cast.pod(900, f"shop/{'x' * 253}")
    for number in range(256):
        cast.allocation(
            2000 + number, f"10.0.4.{number}", owner_key=f"{owner.uid}{number}",
            pod=owner, namespace_uid=owner.namespace_uid,
        ).save()  # fmt: skip

    rows = reader.json(path)["rows"]
    assert len(rows) == 256
    assert len(reader.answer.content) < 200_000
