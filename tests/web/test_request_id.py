"""Each request has an id."""

import re

import pytest
from django.http import HttpResponse

from ipamweb.logs import request_id
from ipamweb.web.request_id import middleware


def served(request):
    return middleware(lambda _: HttpResponse())(request)


def test_the_id_is_in_the_answer_and_in_log_lines_meanwhile(rf):
    seen: list[str] = []

    def view(_):
        seen.append(request_id.get())
        return HttpResponse()

    response = middleware(view)(rf.get("/"))

    assert re.fullmatch(r"[0-9a-f]{16}", seen[0])
    assert response["X-Request-Id"] == seen[0]
    assert request_id.get() == "-"


def test_the_id_of_a_proxy_is_kept(rf):
    request = rf.get("/", headers={"X-Request-Id": "abc-12345678"})

    assert served(request)["X-Request-Id"] == "abc-12345678"


@pytest.mark.parametrize("given", ["short", "a" * 65, "12345678\n", "<script>1234"])
def test_an_id_that_could_do_harm_is_not(rf, given):
    request = rf.get("/", headers={"X-Request-Id": given})

    assert served(request)["X-Request-Id"] != given
