"""What may stand behind the `?`: each parameter with its reading and its description.

An unknown parameter, one given twice and a value that is not accepted are 400 and name
what is accepted. The descriptions are the ones of the OpenAPI document.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from ipamweb.addressing import ranges
from ipamweb.api.errors import BadParameter
from ipamweb.mirror.queries.paging import DEFAULT_LIMIT
from ipamweb.tables.reading import DURATION, read_duration, read_instant

# A list that has an export is answered whole in these, by the same code.
WHOLE = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
MOST_ROWS = 1000
# Longer than any name in Kubernetes, and than any cursor of ours.
MOST_TEXT = 600


TEXT = {
    "type": "string", "minLength": 1, "maxLength": MOST_TEXT,
    "pattern": "^[^\\u0000]*$",
}  # fmt: skip
# Of either family: no format of JSON Schema's own says that.
ADDRESS = {"type": "string", "format": "ip-address"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter. `read` raises ValueError with a sentence; `accepted` are the values,
    where they can be listed; `absent` is the value when it is not given."""

    name: str
    description: str
    read: Callable[[str], Any] = str
    accepted: tuple[str, ...] = ()
    absent: Any = ""
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    is_required: bool = False


def text(name: str, description: str) -> Parameter:
    return Parameter(name, description, _text, schema=TEXT)


def choice(
    name: str, description: str, *, accepted: Iterable[str], absent: str = ""
) -> Parameter:
    """Return a parameter that takes one of a few words."""
    words = tuple(accepted)
    schema: dict[str, Any] = {"type": "string", "enum": list(words)}
    if absent:
        schema["default"] = absent
    return Parameter(name, description, _one_of(words), words, absent, schema)


def family() -> Parameter:
    return Parameter(
        "family",
        "Addresses of this family only.",
        lambda value: int(_one_of(("4", "6"))(value)),
        ("4", "6"),
        None,
        {"type": "integer", "enum": [4, 6]},
    )


def limit() -> Parameter:
    return Parameter(
        "limit",
        "How many rows at most.",
        _limit,
        (f"1 to {MOST_ROWS}",),
        DEFAULT_LIMIT,
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_ROWS,
            "default": DEFAULT_LIMIT,
        },
    )


def truth(name: str, description: str, *, absent: bool | None = None) -> Parameter:
    words = ("true", "false")
    return Parameter(
        name,
        description,
        lambda value: _one_of(words)(value) == "true",
        words,
        absent,
        {"type": "boolean"},
    )


def cidr(name: str, description: str) -> Parameter:
    return Parameter(
        name,
        description,
        ranges.parse_cidr,
        ("a CIDR such as 10.0.2.0/24",),
        None,
        {"type": "string", "format": "cidr"},
    )


def address(name: str, description: str) -> Parameter:
    return Parameter(
        name, description, ranges.parse_address, ("an IP address",), None, ADDRESS
    )


def instant(name: str, description: str) -> Parameter:
    return Parameter(
        name,
        description,
        read_instant,
        ("a time such as 2026-11-22T14:03:22Z",),
        None,
        {"type": "string", "format": "date-time"},
    )


def duration(name: str, description: str) -> Parameter:
    return Parameter(
        name,
        description,
        read_duration,
        ("a number of s, m, h, d or w, such as 90m or 7d",),
        None,
        {"type": "string", "pattern": f"^{DURATION.pattern}$"},
    )


def names(name: str, description: str, *, accepted: Sequence[str]) -> Parameter:
    """Return a parameter that takes some of a few words, with commas between."""
    word, words = _one_of(tuple(accepted)), "|".join(accepted)
    return Parameter(
        name,
        description,
        lambda value: tuple(word(each) for each in value.split(",")),
        tuple(accepted),
        (),
        {"type": "string", "pattern": f"^({words})(,({words}))*$"},
    )


def read_all(given: QueryDict, known: Sequence[Parameter]) -> dict[str, Any]:
    """Return the value of each known parameter. Raises BadParameter."""
    by_name = {parameter.name: parameter for parameter in known}
    for name in given:
        if name not in by_name:
            raise BadParameter(
                f"There is no parameter {name[:60]!r} here.",
                parameter=name[:60],
                accepted=sorted(by_name),
            )
    return {name: _read(given.getlist(name), by_name[name]) for name in by_name}


def _read(given: list[str], parameter: Parameter) -> Any:
    if not given and parameter.is_required:
        raise _bad(parameter, f"{parameter.name} is not given")
    if not given:
        return parameter.absent
    if len(given) > 1:
        raise _bad(parameter, f"{parameter.name} is given {len(given)} times")
    try:
        if not given[0] or len(given[0]) > MOST_TEXT or "\0" in given[0]:
            raise ValueError(f"{given[0][:60]!r} is not accepted")
        return parameter.read(given[0])
    except (ValueError, OverflowError) as error:
        raise _bad(parameter, f"{parameter.name}: {error}") from error


def _bad(parameter: Parameter, message: str) -> BadParameter:
    accepted = (
        f" Accepted: {', '.join(parameter.accepted)}." if parameter.accepted else ""
    )
    return BadParameter(
        f"{message}.{accepted}", parameter=parameter.name, accepted=parameter.accepted
    )


def _text(value: str) -> str:
    return value.strip()


def _limit(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_ROWS):
        raise ValueError(f"{value!r} is out of range")
    return int(value)


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is not accepted")
        return value

    return read
