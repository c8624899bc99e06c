"""Errors: one sentence each, and whether asking again can help."""

import pytest

from ipamweb.cluster import errors

KINDS = [
    (errors.Unreachable, "unreachable", True),
    (errors.Unauthorized, "unauthorized", False),
    (errors.NotInstalled, "not-installed", False),
    (errors.NotFound, "not-found", False),
    (errors.Expired, "expired", True),
    (errors.Throttled, "throttled", True),
    (errors.BadAnswer, "bad-answer", True),
    (errors.IdentityMismatch, "identity", False),
    (errors.Misconfigured, "misconfigured", False),
]


@pytest.mark.parametrize(("error", "kind", "retryable"), KINDS)
def test_an_error_knows_its_kind_and_whether_a_retry_makes_sense(
    error, kind, retryable
):
    raised = error("prod", action="list pods", why="of the weather")

    assert (raised.kind, raised.retryable, raised.retry_after) == (
        kind,
        retryable,
        None,
    )


def test_an_error_names_cluster_action_and_reason():
    raised = errors.Unreachable("prod", action="list pods", why="of the weather")

    assert str(raised) == "prod: could not list pods: of the weather"


def test_a_missing_right_names_verb_and_resource():
    raised = errors.NotAllowed(
        "prod", action="list pods", why="403", verb="list", resource="pods"
    )

    assert (raised.verb, raised.resource, raised.kind) == (
        "list",
        "pods",
        "not-allowed",
    )
