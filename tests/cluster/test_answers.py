"""What a status means, in the words of the API server where it has any."""

import json

import pytest

from ipamweb.cluster.answers import check
from ipamweb.cluster.errors import (
    BadAnswer,
    Expired,
    NotAllowed,
    NotFound,
    NotInstalled,
    Throttled,
)
from ipamweb.cluster.questions import Answer, Question

LIST_PODS = Question("/api/v1/pods", verb="list", resource="pods")
TODAY = {"date": "Sun, 22 Nov 2026 12:00:00 GMT"}


def raised(status, *, headers=None, question=LIST_PODS, expected=Exception, **fields):
    body = json.dumps({"kind": "Status", "code": status, **fields}).encode()
    with pytest.raises(expected) as caught:
        check(Answer(status, headers or {}, body), cluster="prod", question=question)
    return caught.value


REVIEW = Question("/reviews", verb="create", body=b"{}")


@pytest.mark.parametrize(("status", "question"), [(200, LIST_PODS), (201, REVIEW)])
def test_success_raises_nothing(status, question):
    check(Answer(status, {}, b"anything"), cluster="prod", question=question)


def test_a_list_that_is_answered_as_created_is_no_list():
    with pytest.raises(BadAnswer, match="answered 201"):
        check(Answer(201, {}, b"{}"), cluster="prod", question=LIST_PODS)


def test_403_names_the_right_and_the_cluster_role():
    error = raised(403, message="pods is forbidden", expected=NotAllowed)

    assert (error.verb, error.resource) == ("list", "pods")
    assert str(error) == (
        "prod: could not list pods: not allowed (403): pods is forbidden; "
        "the ClusterRole in deploy/ grants it"
    )


def test_403_in_a_namespace_says_in_which():
    question = Question("/x", verb="list", resource="pods", scope="shop")

    assert "could not list pods in shop" in str(raised(403, question=question))


def test_404_of_a_kind_is_not_installed():
    error = raised(404, reason="NotFound", details={}, expected=NotInstalled)

    assert "does not serve /api/v1/pods (404)" in str(error)


def test_404_of_a_named_object_is_not_found():
    details = {"name": "cilium-config", "kind": "configmaps"}

    error = raised(404, reason="NotFound", details=details, expected=NotFound)

    assert str(error) == "prod: could not list pods: there is no 'cilium-config' (404)"


def test_410_is_expired_and_says_nothing_of_its_token():
    error = raised(410, metadata={"continue": "eyJydiI6LTF9"}, expected=Expired)

    assert "eyJydiI6LTF9" not in f"{error} {vars(error)}"


@pytest.mark.parametrize(
    ("headers", "details", "pause"),
    [
        pytest.param({"retry-after": "1"}, None, 1.0, id="header"),
        pytest.param({}, {"retryAfterSeconds": 4}, 4.0, id="status"),
        pytest.param(
            {"retry-after": "2"}, {"retryAfterSeconds": 9}, 9.0, id="the longer of both"
        ),
        pytest.param(
            TODAY | {"retry-after": "Sun, 22 Nov 2026 12:01:30 GMT"},
            None,
            90.0,
            id="a date",
        ),
        pytest.param(
            TODAY | {"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"},
            None,
            0.0,
            id="a date gone by",
        ),
        pytest.param({"retry-after": "soon"}, None, None, id="no time at all"),
        pytest.param({}, None, None, id="nothing"),
    ],
)
def test_L2_429_carries_the_pause_in_either_form(headers, details, pause):
    error = raised(429, headers=headers, details=details, expected=Throttled)

    assert error.retry_after == pause


def test_503_carries_its_pause():
    error = raised(503, headers={"retry-after": "5"}, expected=BadAnswer)

    assert (error.retry_after, error.retryable) == (5.0, True)


def test_a_long_message_of_the_server_is_cut_and_stays_on_one_line():
    error = raised(500, message="first\nsecond \x1b[31m" + "x" * 1000)

    assert "500: first second [31mxxx" in str(error)
    assert len(str(error)) < 400
    assert str(error).isprintable()


def test_what_another_server_than_of_kubernetes_says_is_not_repeated():
    """The URL is what somebody gave: it may lead to a server with secrets."""
    body = b'{"message": "key 4711", "error": "key 4711", "code": 500}'

    with pytest.raises(BadAnswer) as caught:
        check(Answer(500, {}, body), cluster="prod", question=LIST_PODS)

    assert "4711" not in str(caught.value)


def test_a_body_that_is_no_status_still_is_the_error_of_its_code():
    with pytest.raises(BadAnswer, match="the API server answered 502$"):
        check(Answer(502, {}, b"<html>"), cluster="prod", question=LIST_PODS)
