"""Read what a URL asks for. A bad parameter is one sentence that says what is accepted.

Each function raises NotAccepted, whose text is that sentence, shown as it is (400).
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.queries.ip_hours import Month
from ipamweb.mirror.queries.paging import DEFAULT_LIMIT, Order, Window

MOST_ROWS = 1000
MOST_TEXT = 300
# Computers kept no addresses before, and behind it there is no later time.
FIRST_YEAR, LAST_YEAR = 1970, 9000


class NotAccepted(ValueError):
    """A parameter that cannot be used, as one sentence for a person."""


def text(request: HttpRequest, name: str) -> str:
    """Return a parameter without blanks around it; "" when it is not given."""
    value = request.GET.get(name, "").strip()
    if len(value) > MOST_TEXT or "\0" in value:
        raise NotAccepted(
            f"{name}: at most {MOST_TEXT} characters of text are accepted."
        )
    return value


def posted_number(request: HttpRequest, name: str) -> int:
    """Return the number of a row that a form names; 0, which no row has, of none."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0


def whole_number(
    request: HttpRequest, name: str, *, default: int, least: int, most: int
) -> int:
    value = text(request, name)
    if not value:
        return default
    is_number = value.isascii() and value.isdigit() and len(value) <= 9
    if not is_number or not least <= int(value) <= most:
        raise NotAccepted(
            f"{name}: {value!r} is out of range; accepted are {least} to {most}."
        )
    return int(value)


def choice(
    request: HttpRequest, name: str, *, accepted: Collection[str], default: str
) -> str:
    value = text(request, name) or default
    if value not in accepted:
        raise NotAccepted(
            f"{name}: {value!r} is not accepted; it is one of {', '.join(accepted)}."
        )
    return value


def order(
    request: HttpRequest, *, orders: Mapping[str, Order], default: str
) -> tuple[str, Order]:
    """Return the name of the order asked for, and the order."""
    name = choice(request, "sort", accepted=orders.keys(), default=default)
    return name, orders[name]


def of_the_present(request: HttpRequest, **kept: str) -> None:
    """Refuse, of the past, parameters that ask for what is known of now only; `kept`
    are their names, each with the value that holds of the past too."""
    for name, value in kept.items():
        if text(request, name) not in ("", value):
            raise NotAccepted(
                f"{name}: it is known of the present only; leave it, or leave at."
            )


def window(
    request: HttpRequest, *, cursor: str = "cursor", default: int = DEFAULT_LIMIT
) -> Window:
    """Return which part of a list is wanted; its cursor is checked where it is used.

    `cursor` names the parameter on a page that has several lists.
    """
    if "page" in request.GET:
        raise NotAccepted(
            "page: lists here have no page numbers; they go on from the last row by "
            "the links Next and Previous."
        )
    limit = whole_number(request, "limit", default=default, least=1, most=MOST_ROWS)
    return Window(limit=limit, cursor=request.GET.get(cursor, ""))


def address(value: str) -> int:
    """Return the address of a text in any legal spelling."""
    try:
        return parse_address(value.strip())
    except ValueError as error:
        raise NotAccepted(f"{error}.") from error


def instant(request: HttpRequest, name: str) -> datetime | None:
    """Return an instant; without a zone it is UTC. None when it is not given."""
    value = text(request, name)
    if not value:
        return None
    try:
        moment = parse_datetime(value.replace(" ", "T", 1))
    except ValueError:
        moment = None
    if moment is None:
        raise NotAccepted(
            f"{name}: {value!r} is no time; accepted is RFC 3339, as in "
            "2026-11-21T14:03:22Z."
        )
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise NotAccepted(
            f"{name}: {value!r} is out of range; accepted are the years {FIRST_YEAR} "
            f"to {LAST_YEAR}."
        )
    return moment


def month(request: HttpRequest, name: str, *, default: Month) -> Month:
    value = text(request, name)
    if not value:
        return default
    try:
        return Month.parse(value)
    except ValueError as error:
        raise NotAccepted(f"{name}: {error}.") from error
