"""Rights: what is missing, and what a stolen credential of ours could do."""

import json

import pytest

from ipamweb.cluster.errors import BadAnswer
from ipamweb.cluster.readers.contract import CILIUM_NODES, NODES, PODS
from ipamweb.cluster.rights import review
from tests.cluster.raw_server import answer

BASIC_USER = {
    "verbs": ["create"],
    "apiGroups": ["authorization.k8s.io"],
    "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
}
READER = {"verbs": ["list", "watch"], "apiGroups": [""], "resources": ["nodes", "pods"]}


def rule(verbs, resources):
    return {"verbs": verbs.split(), "apiGroups": [""], "resources": resources.split()}


def cluster(*rules, denied=(), incomplete=False):
    """A cluster that tells these rules, and denies these `verb resource`."""

    def script(request):
        spec = json.loads(request.body)["spec"]
        if request.path.endswith("selfsubjectrulesreviews"):
            told = {"resourceRules": [*rules], "incomplete": incomplete}
            return [answer({"status": told}, status=201)]
        asked = spec["resourceAttributes"]
        words = [asked["resource"], asked["subresource"]]
        right = f"{asked['verb']} {'/'.join(filter(None, words))}"
        return [answer({"status": {"allowed": right not in denied}}, status=201)]

    return script


@pytest.fixture
def reviewed(session_with):
    def run(script, *kinds, **fields):
        return review(session_with(script, **fields), kinds=kinds)

    return run


def test_a_credential_that_may_read_what_we_read_is_just_right(reviewed):
    rights = reviewed(cluster(BASIC_USER, READER), NODES, PODS)

    assert (rights.missing, rights.required, rights.surplus) == ((), (), ())


def test_missing_rights_are_named_and_those_without_which_nothing_works(reviewed):
    denied = ("watch pods", "list ciliumnodes")

    rights = reviewed(cluster(denied=denied), NODES, PODS, CILIUM_NODES)

    assert rights.missing == ("watch pods", "list ciliumnodes.cilium.io")
    assert rights.required == ("watch pods",)


def test_in_some_namespaces_each_is_asked_for(serve, connect):
    server = serve(cluster(denied=("list pods",)))
    session = connect(server, namespaces=("shop", "bank"))

    rights = review(session, kinds=(PODS,))

    assert rights.missing == ("list pods in shop", "list pods in bank")
    told = [r for r in server.requests if r.path.endswith("rulesreviews")]
    asked = [json.loads(request.body)["spec"]["namespace"] for request in told]
    assert asked == ["shop", "bank"]


@pytest.mark.parametrize(
    ("surplus", "says"),
    [
        (rule("get list", "secrets"), "get, list secrets"),
        (rule("get", "nodes/proxy"), "get nodes/proxy"),
        (rule("create", "pods/exec"), "create pods/exec"),
        (rule("list patch delete", "pods"), "patch, delete pods"),
        (rule("get list", "*"), "get, list everything"),
        (rule("*", "configmaps"), "do anything with configmaps"),
        (rule("*", "*"), "do anything with everything"),
        (rule("impersonate", "users"), "impersonate users"),
    ],
)
def test_a_right_that_we_do_not_want_is_named(reviewed, surplus, says):
    assert reviewed(cluster(BASIC_USER, READER, surplus)).surplus == (says,)


def test_verbs_of_several_rules_are_told_together(reviewed):
    rules = rule("get", "secrets"), rule("list get", "secrets")

    assert reviewed(cluster(*rules)).surplus == ("get, list secrets",)


def test_where_the_rules_are_not_all_known_the_worst_are_asked_for(reviewed):
    denied = ("get nodes/proxy", "create pods", "delete pods", "impersonate users")

    rights = reviewed(cluster(READER, denied=denied, incomplete=True))

    assert rights.surplus == (
        "get, list secrets",
        "create pods/exec",
        "create serviceaccounts/token",
    )


def test_reviews_are_posted_and_nothing_else_is(serve, connect):
    server = serve(cluster())

    review(connect(server), kinds=(NODES,))

    assert {(request.method, request.path) for request in server.requests} == {
        ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
        ("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"),
    }


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"status": {"allowed": "no"}}'])
def test_an_answer_that_is_no_review_is_an_error(reviewed, body):
    with pytest.raises(BadAnswer, match="is no review"):
        reviewed(lambda _: [answer(body, status=201)], NODES)
