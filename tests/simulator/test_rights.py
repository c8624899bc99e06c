from typing import Any

import pytest

from ipamweb.simulator.rights import ANONYMOUS, EVERYTHING, Rule
from ipamweb.simulator.server import Simulator
from tests.simulator.asking import Answer, ask

REVIEWS = "/apis/authorization.k8s.io/v1"


def review(simulator: Simulator, user: str, **attributes: str) -> Any:
    body = {"spec": {"resourceAttributes": attributes}}
    path = f"{REVIEWS}/selfsubjectaccessreviews"
    return ask(simulator, path, user=user, body=body).json["status"]["allowed"]


def without_token(simulator: Simulator, path: str) -> Answer:
    return ask(simulator, path, headers={"Authorization": ""})


def test_the_reader_may_read_what_a_mirror_needs_and_no_more(empty: Simulator) -> None:
    assert ask(empty, "/api/v1/pods", user="reader").status == 200
    assert ask(empty, "/api/v1/configmaps", user="reader").status == 403
    config = "/api/v1/namespaces/kube-system/configmaps/cilium-config"
    assert ask(empty, config, user="reader").status == 404
    other = "/api/v1/namespaces/kube-system/configmaps/other"
    assert ask(empty, other, user="reader").status == 403


def test_rights_in_a_namespace_do_not_reach_beyond_it(empty: Simulator) -> None:
    rule = Rule(("list",), ("pods",), namespaces=("default",))
    empty.users.set("tenant", rule)
    assert ask(empty, "/api/v1/namespaces/default/pods", user="tenant").status == 200
    refused = ask(empty, "/api/v1/namespaces/shop/pods", user="tenant")
    assert refused.json["message"] == (
        'pods is forbidden: User "tenant" cannot list resource "pods" in API group "" '
        'in the namespace "shop"'
    )


def test_without_a_token_one_is_anonymous_and_may_nothing(empty: Simulator) -> None:
    assert without_token(empty, "/version").status == 200
    assert without_token(empty, "/apis").status == 403
    refused = without_token(empty, "/api/v1/nodes")
    assert '"system:anonymous" cannot list' in refused.json["message"]
    empty.users.set(ANONYMOUS, EVERYTHING)
    assert without_token(empty, "/api/v1/nodes").status == 200


def test_a_rotated_token_replaces_the_old_one(empty: Simulator) -> None:
    old = {"Authorization": f"Bearer {empty.users['admin'].token}"}
    empty.users.rotate("admin")
    assert ask(empty, "/api/v1/pods", headers=old).status == 401
    assert ask(empty, "/api/v1/pods").status == 200


def test_who_may_not_ask_does_not_learn_what_is_installed(empty: Simulator) -> None:
    path = "/apis/crd.projectcalico.org/v1/ippools"
    assert ask(empty, path).status == 404
    assert ask(empty, path, user="reader").status == 403


@pytest.mark.parametrize(
    ("verb", "resource", "allowed"),
    [("list", "pods", True), ("delete", "pods", False), ("list", "secrets", False)],
)
def test_an_access_review_says_what_requests_would_meet(
    empty: Simulator, verb: str, resource: str, allowed: bool
) -> None:
    assert review(empty, "reader", verb=verb, resource=resource) is allowed


def test_a_rules_review_lists_the_rules_of_a_namespace(empty: Simulator) -> None:
    empty.users.set("tenant", Rule(("list",), ("pods",), namespaces=("default",)))
    path = f"{REVIEWS}/selfsubjectrulesreviews"
    found = [
        ask(empty, path, user="tenant", body={"spec": {"namespace": namespace}})
        for namespace in ("default", "shop")
    ]
    rule = {"verbs": ["list"], "apiGroups": [""], "resources": ["pods"]}
    assert [answer.json["status"]["resourceRules"] for answer in found] == [[rule], []]


def test_nobody_may_write(empty: Simulator) -> None:
    assert ask(empty, "/api/v1/namespaces/default/pods", body={}).status == 405
