"""The body of what is sent: what is no JSON is 400, whatever is wrong with it."""

from typing import Any

import pytest

from ipamweb.exports.models import ExportJob
from tests.api.conftest import Reader


def sent(reader: Reader, path: str, body: bytes) -> Any:
    return reader.client.post(f"/api/v1/{path}", body, content_type="application/json")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b'{"what": "\xed\xa0\x80"}',
        b'{"what": NaN}',
        b'{"what": "nodes", "filters": {"q": 1e999}}',
        b'{"what": "\\ud800"}',
        b'{"what": "nodes", "\\ud800": 1}',
        b'{"what": "nodes", "filters": {"\\ud800": "x"}}',
        b'{"what": "nodes", "filters": {"q": ' + b"9" * 5000 + b"}}",
        b"[" * 100_000,
    ],
    ids=lambda body: body[:40].decode(errors="replace"),
)
def test_what_is_no_json_is_400(reader: Reader, body: bytes) -> None:
    answer = sent(reader, "exports/", body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "parse-error")
    assert error["message"].startswith("The body is no JSON: ")
    assert not ExportJob.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"what": ["nodes"]}',
        b'{"what": "nodes", "more": 1}',
        b'{"what": "nodes", "filters": []}',
        b'{"what": "nodes", "filters": {"q": null}}',
        b'{"what": "nodes", "filters": {"q": ["a"]}}',
        b'{"what": "nodes", "filters": {"": "a"}}',
        b'{"what": "nodes", "filters": {"\\u0000": "a"}}',
    ],
    ids=lambda body: body.decode(),
)
def test_json_that_is_no_wish_is_400(reader: Reader, body: bytes) -> None:
    answer = sent(reader, "exports/", body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (
        400,
        "bad-parameter",
    )


def test_every_act_reads_its_body_alike(reader: Reader) -> None:
    for path in ("teams/", "tokens/", "users/", "views/", "webhooks/"):
        assert sent(reader, path, b'{"name": "\\ud800"}').status_code == 400


def test_characters_beyond_sixteen_bits_are_text(reader: Reader) -> None:
    answer = sent(
        reader, "exports/", b'{"what": "nodes", "filters": {"q": "\\ud83d\\ude00"}}'
    )

    assert (answer.status_code, answer.json()["filters"]) == (202, {"q": "😀"})
