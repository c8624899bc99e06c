"""The bytes of blocks.bin: a header of JSON, and behind it columns of numbers.

The format: docs, "The map's data". Not here: what the numbers are (queries/map_blocks).
"""

import sys
from array import array
from collections.abc import Mapping
from typing import Any

import msgspec

from ipamweb.mirror.queries.map_blocks import PoolColumns, RangeColumns

MAGIC = b"IPMB"
# Names of the types in the header, with array's codes: the least that fits is taken.
_TYPES = (("u8", "B", 0xFF), ("u16", "H", 0xFFFF), ("u32", "I", 0xFFFF_FFFF))
_ALIGNED = 8


def encode(found: PoolColumns, age: Mapping[str, Any]) -> bytes:
    """Return the bytes of a pool's columns; `age` goes into the header."""
    parts = [(name, *_packed(found.columns[name])) for name in found.columns]
    header = {"v": 1, **age, **_header(found)}
    # The offsets stand in the header, whose length moves them: room for them is made.
    room = _aligned(
        len(_json(header, [(name, kind, 1 << 31) for name, kind, _ in parts]))
    )
    at = len(MAGIC) + 4 + room
    placed, body = [], bytearray()
    for name, kind, data in parts:
        placed.append((name, kind, at + len(body)))
        body += data.ljust(_aligned(len(data)), b"\0")
    text = _json(header, placed).ljust(room)
    return MAGIC + room.to_bytes(4, "little") + text + bytes(body)


def _header(found: PoolColumns) -> dict[str, Any]:
    return {
        "pool": found.pool,
        "family": found.family,
        "count": found.count,
        "complete": found.complete,
        "outside": found.outside,
        "ranges": [_range(each) for each in found.ranges],
        "zones": found.zones,
    }


def _range(each: RangeColumns) -> dict[str, Any]:
    return {
        "cidr": str(each.cidr),
        "block_prefix_length": each.block_prefix_length,
        "leaf": each.leaf,
        "unit": each.unit,
        "blocks_total": str(each.blocks_total),
        "start": each.start,
        "count": each.count,
    }


def _json(header: dict[str, Any], columns: list[tuple[str, str, int]]) -> bytes:
    described = [
        {"name": name, "type": kind, "offset": offset} for name, kind, offset in columns
    ]
    return msgspec.json.encode({**header, "columns": described})


def _packed(column: list[int]) -> tuple[str, bytes]:
    """Return the name of the least type that holds a column, and its bytes."""
    greatest = max(column, default=0)
    kind, code = next((k, c) for k, c, most in _TYPES if greatest <= most)
    numbers = array(code, column)
    if sys.byteorder == "big":
        numbers.byteswap()
    return kind, numbers.tobytes()


def _aligned(length: int) -> int:
    return -(-length // _ALIGNED) * _ALIGNED
