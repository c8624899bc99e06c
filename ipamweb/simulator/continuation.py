"""The continue token of a list: base64 of a small JSON object, as recorded.

`{"v":"meta.k8s.io/v1","rv":62292,"start":"team-payments/ledger-0\\u0000"}`: the version
the list is of, and the first key that may come next. -1 as version means "as of now".
"""

import base64
import binascii

import msgspec

TOKEN_FORMAT = "meta.k8s.io/v1"
INCONSISTENT = -1


class Continuation(msgspec.Struct, frozen=True):
    v: str
    rv: int
    start: str


def write_token(version: int, *, start: str) -> str:
    encoded = msgspec.json.encode(Continuation(TOKEN_FORMAT, version, start))
    return base64.urlsafe_b64encode(encoded).rstrip(b"=").decode()


def read_token(text: str) -> Continuation:
    """Return the token's content; ValueError carries the API server's own message."""
    prefix = "invalid continue token: continue key is not valid: "
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{prefix}illegal base64 data at input byte 0") from error
    try:
        found = msgspec.json.decode(decoded, type=Continuation)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(prefix + _why_not_json(decoded)) from error
    if found.v != TOKEN_FORMAT:
        raise ValueError(
            "invalid continue token: continue key is not valid: server does not "
            f'recognize this encoded version "{found.v}"'
        )
    return found


def _why_not_json(text: bytes) -> str:
    """Return Go's words for the first byte that is wrong; enough of them for tests."""
    for literal in (b"null", b"true", b"false"):
        if text[:1] == literal[:1]:
            return _wrong_literal(text, literal=literal)
    found = text[:1].decode("latin-1")
    return f"invalid character '{found}' looking for beginning of value"


def _wrong_literal(text: bytes, *, literal: bytes) -> str:
    for index in range(1, len(literal)):
        if text[index : index + 1] != literal[index : index + 1]:
            found = text[index : index + 1].decode("latin-1")
            return (
                f"invalid character '{found}' in literal {literal.decode()} "
                f"(expecting '{chr(literal[index])}')"
            )
    return "unexpected end of JSON input"
