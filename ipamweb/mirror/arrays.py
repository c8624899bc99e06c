"""PostgreSQL's array literals: many values as one parameter of a statement.

A statement with a thousand placeholders costs the driver more than the server. Not
here: what a column's values look like (bulk.py).
"""

import re
from collections.abc import Sequence
from typing import Any

_SPECIAL = re.compile(r'(["\\])')


def array(values: Sequence[Any]) -> str:
    """Return the literal of an array of texts, numbers, bytes or booleans; None: NULL.

    ["a", None, 'b"'] -> '{"a",NULL,"b\\""}'; the column beside it, or a cast, says of
    what type it is. Source: PostgreSQL documentation, "Array Value Input".
    """
    # Keys, which most lists are, are written as they stand.
    texts = map(str if set(map(type, values)) == {int} else _element, values)
    return "{" + ",".join(texts) + "}"


def _element(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if isinstance(value, str):
        if '"' in value or "\\" in value:
            value = _SPECIAL.sub(r"\\\1", value)
        return f'"{value}"'
    if isinstance(value, bytes | memoryview):
        return f'"\\\\x{value.hex()}"'
    return "NULL" if value is None else str(value)
