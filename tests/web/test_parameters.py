from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from ipamweb.mirror.queries.paging import Order, Window
from ipamweb.web import parameters
from ipamweb.web.parameters import NotAccepted

ORDERS = {"name": Order("x", ("name",)), "-name": Order("y", ("name",), True)}


def asking(**parameters_given: str):
    return RequestFactory().get("/", parameters_given)


def test_a_parameter_is_taken_without_blanks_around_it():
    assert parameters.text(asking(q="  web "), "q") == "web"


def test_a_text_without_end_is_refused():
    with pytest.raises(NotAccepted, match="q: at most 300 characters"):
        parameters.text(asking(q="x" * 301), "q")


@pytest.mark.parametrize("value", ["0", "1001", "-1", "ten", "1e3", "٣", "9" * 30])
def test_a_limit_out_of_range_says_what_is_accepted(value):
    with pytest.raises(NotAccepted, match=r"out of range; accepted are 1 to 1000\."):
        parameters.window(asking(limit=value))


def test_a_list_takes_its_limit_and_its_cursor():
    assert parameters.window(asking(limit="7", cursor="abc")) == Window(7, "abc")


def test_a_page_number_is_refused_because_lists_have_none():
    with pytest.raises(NotAccepted, match="lists here have no page numbers"):
        parameters.window(asking(page="99"))


def test_an_unknown_order_names_the_accepted_ones():
    with pytest.raises(NotAccepted, match="'size' is not accepted; it is one of name"):
        parameters.order(asking(sort="size"), orders=ORDERS, default="name")


def test_without_an_order_the_default_is_taken():
    assert parameters.order(asking(), orders=ORDERS, default="-name")[0] == "-name"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("fe80::1%eth0", "carries a zone id", id="zone id"),
        pytest.param("10.0.0.5/24", "is not an IP address", id="a CIDR"),
        pytest.param("10.0.0.256", "is not an IP address", id="too large"),
        pytest.param("", "is not an IP address", id="nothing"),
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(text, words):
    with pytest.raises(NotAccepted, match=words):
        parameters.address(text)


@pytest.mark.parametrize(
    "value",
    ["2026-11-21T14:03:22Z", "2026-11-21 14:03:22", "2026-11-21T15:03:22+01:00"],
)
def test_an_instant_without_a_zone_is_utc(value):
    moment = parameters.instant(asking(at=value), "at")

    assert moment == datetime(2026, 11, 21, 14, 3, 22, tzinfo=UTC)


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01T00:00:00Z", "14:03"])
def test_what_is_no_time_is_refused_in_a_sentence(value):
    with pytest.raises(NotAccepted, match="is no time; accepted is RFC 3339"):
        parameters.instant(asking(at=value), "at")


def test_without_an_instant_there_is_none():
    assert parameters.instant(asking(), "at") is None
