"""Every request that changes something leaves exactly one audit entry.

Routes are found in the URL conf: whatever does not refuse a method that changes things
has to stand in ACTS, with a request that succeeds.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from ipamweb.access import credentials
from ipamweb.access.models import AuditEntry, Token, User
from tests import cast, cast_people
from tests.access.test_pasted import kubeconfig

pytestmark = pytest.mark.django_db

METHODS = ("post", "put", "patch", "delete")
OLD, NEW = "difference-engine-1843", "analytical-engine-1837"
# Whoever has signed in is led away from the door, whatever the method.
LED_AWAY = {("login", "put"), ("login", "patch"), ("login", "delete")}
# Leads to the provider of sign-ins and changes nothing; what comes back is an act, and
# a GET: tests/access/test_oidc_people.py.
LEADS_OUT = {("oidc", "post")}
# Paths of REST that are none: 404 whatever the method.
NOWHERE = {"unknown", "root"}
# By route: each act that it takes, and the fields of a form that does it.
ACTS: dict[str, dict[str, dict[str, str]]] = {
    "login": {"sign-in": {"username": "ada", "password": OLD}},
    "logout": {"sign-out": {}},
    "account": {
        "password.change": {
            "old_password": OLD, "new_password1": NEW, "new_password2": NEW,
        },
        "token.create": {"act": "token", "name": "grafana", "days": "30"},
        "token.revoke": {"act": "revoke", "key": "0123456789ab"},
    },
    "team": {
        "team.member.add": {"act": "put-member", "user": "victor"},
        "team.member.change": {"act": "put-member", "user": "mia", "role": "admin"},
        "team.member.remove": {"act": "take-member", "user": "mia"},
        "team.rule.add": {"act": "add-rule", "namespace": "shop"},
        "team.rule.remove": {"act": "remove-rule", "rule": "900"},
    },
    "admin_teams": {
        "team.create": {"act": "create", "slug": "new", "name": "New"},
        "team.remove": {"act": "remove", "slug": "ours"},
        "team.group": {"act": "group", "slug": "ours", "group": "devs"},
    },
    "admin_clusters": {
        "cluster.add": {"name": "new", "kubeconfig": kubeconfig()},
    },
    "admin_users": {
        "user.create": {
            "act": "create", "name": "nora", "password": NEW, "role": "viewer",
            "user": "0",
        },
        "user.role": {"act": "role", "user": "101", "role": "auditor"},
        "user.switch-off": {"act": "switch-off", "user": "101"},
        "user.switch-on": {"act": "switch-on", "user": "103"},
    },
    "saved_views": {
        "view.create": {
            "act": "create", "table": "pools", "name": "new", "shared": "everybody",
        },
        "view.change": {"change": "500", "name": "hotter", "shared": "nobody"},
        "view.remove": {"act": "remove", "view": "500"},
    },
    "admin_webhooks": {
        "webhook.create": {
            "name": "chat", "url": "https://hooks.example.org/", "team": "ours",
            "template": "slack", "kinds": "cluster.stale",
        },
    },
    "admin_webhook": {
        "webhook.test": {"act": "test"},
        "webhook.change": {"act": "pause"},
        "webhook.rotate": {"act": "rotate"},
        "webhook.remove": {"act": "remove"},
    },
    "finding": {
        "finding.acknowledge": {"days": "7", "reason": "a known race"},
        "finding.withdraw": {"act": "withdraw"},
    },
}  # fmt: skip
# By route and method: the act, its path and its body.
BY_REST: dict[tuple[str, str], tuple[str, str, dict[str, Any]]] = {
    ("clusters", "post"): (
        "cluster.add", "/api/v1/clusters/", {"name": "new", "kubeconfig": kubeconfig()},
    ),
    ("cluster", "patch"): (
        "cluster.pause", "/api/v1/clusters/pasted/", {"paused": True},
    ),
    ("cluster", "delete"): ("cluster.remove", "/api/v1/clusters/pasted/", {}),
    ("teams", "post"): ("team.create", "/api/v1/teams/", {"slug": "new", "group": "g"}),
    ("team", "patch"): ("team.group", "/api/v1/teams/ours/", {"group": "devs"}),
    ("team", "delete"): ("team.remove", "/api/v1/teams/ours/", {}),
    ("tokens", "post"): ("token.create", "/api/v1/tokens/", {"name": "grafana"}),
    ("token", "delete"): ("token.revoke", "/api/v1/tokens/0123456789ab/", {}),
    ("users", "post"): (
        "user.create", "/api/v1/users/", {"username": "nora", "password": NEW},
    ),
    ("user", "patch"): ("user.switch-off", "/api/v1/users/victor/", {"active": False}),
    ("acknowledge", "post"): (
        "finding.acknowledge",
        "/api/v1/findings/1/acknowledge",
        {"reason": "a known race", "until": "2026-12-01T00:00:00Z"},
    ),
    ("acknowledge", "delete"): (
        "finding.withdraw", "/api/v1/findings/1/acknowledge", {},
    ),
    ("member", "put"): (
        "team.member.add", "/api/v1/teams/ours/members/victor", {"role": "viewer"},
    ),
    ("member", "delete"): (
        "team.member.remove", "/api/v1/teams/ours/members/mia", {},
    ),
    ("rules", "post"): (
        "team.rule.add", "/api/v1/teams/ours/rules", {"labels": "tier=db"},
    ),
    ("views", "post"): (
        "view.create", "/api/v1/views/", {"name": "new", "table": "pools"},
    ),
    ("view", "patch"): ("view.change", "/api/v1/views/500/", {"name": "hotter"}),
    ("view", "delete"): ("view.remove", "/api/v1/views/500/", {}),
    ("webhooks", "post"): (
        "webhook.create",
        "/api/v1/webhooks/",
        {"name": "chat", "url": "https://hooks.example.org/"},
    ),
    ("webhook", "patch"): (
        "webhook.change", "/api/v1/webhooks/1/", {"state": "paused"},
    ),
    ("webhook", "delete"): ("webhook.remove", "/api/v1/webhooks/1/", {}),
    ("webhook-test", "post"): ("webhook.test", "/api/v1/webhooks/1/test", {}),
    ("webhook-rotate", "post"): ("webhook.rotate", "/api/v1/webhooks/1/rotate", {}),
    ("exports", "post"): ("export.start", "/api/v1/exports/", {"what": "nodes"}),
    ("rule", "delete"): ("team.rule.remove", "/api/v1/teams/ours/rules/900", {}),
}  # fmt: skip
PATHS = {
    "login": "/login/",
    "logout": "/logout/",
    "account": "/account/",
    "team": "/teams/ours/",
    "admin_teams": "/admin/teams/",
    "admin_clusters": "/admin/clusters/",
    "admin_users": "/admin/users/",
    "saved_views": "/account/views/",
    "admin_webhooks": "/admin/webhooks/",
    "admin_webhook": "/admin/webhooks/1/",
    "finding": "/findings/1/",
}


@pytest.fixture
def world(signed_in: Client) -> Client:
    """People, a team, a token, a cluster and findings that the forms name."""
    ada = User.objects.get(username="ada")
    credentials.add("pasted", text=kubeconfig(), by=ada)
    cast_people.viewer("victor", id=101)
    mia = cast_people.viewer("mia", id=102)
    cast_people.viewer("olga", id=103, is_active=False)
    cast_people.owns(cast_people.team("ours", mia), "default", id=900)
    cast_people.insert_view(ada)
    Token.objects.create(
        user=ada, key="0123456789ab", secret_hash="", created_at=cast.NOW
    )
    return signed_in


def acknowledge(client: Client) -> None:
    client.post(PATHS["finding"], ACTS["finding"]["finding.acknowledge"])


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, str]]:
    """Yield the name of each route, and a path that it takes."""
    for each in patterns:
        path = prefix + re.sub(r"<int:\w+>", "24", str(each.pattern))
        path = re.sub(r"<\w+:\w+>", "x", path)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, path)
        elif isinstance(each, URLPattern):
            yield str(each.name), path


def test_whatever_takes_a_change_stands_among_the_acts():
    client, ada = Client(), cast.user()
    taken = set()
    for name, path in set(routes(get_resolver().url_patterns)):
        for method in METHODS:
            client.force_login(ada)
            status = getattr(client, method)(path).status_code
            if status != 405 and name not in NOWHERE:
                taken.add((name, method))

    by_form = {(name, "post") for name in ACTS}
    assert taken == by_form | set(BY_REST) | LED_AWAY | LEADS_OUT


@pytest.mark.parametrize(
    ("route", "act"), [(route, act) for route, acts in ACTS.items() for act in acts]
)
def test_a_change_leaves_one_entry(world, route, act):
    if act == "finding.withdraw":
        acknowledge(world)
    client = Client() if route == "login" else world
    seen = AuditEntry.objects.count()

    answer = client.post(PATHS[route], ACTS[route][act])

    assert answer.status_code < 400
    entries = AuditEntry.objects.filter(sequence__gt=seen)
    assert [entry.act for entry in entries] == [act]


@pytest.mark.parametrize("route", BY_REST, ids=" ".join)
def test_a_change_by_rest_leaves_one_entry(world, route, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)
    act, path, body = BY_REST[route]
    if act == "finding.withdraw":
        acknowledge(world)
    seen = AuditEntry.objects.count()

    answer = getattr(world, route[1])(path, body, content_type="application/json")

    assert answer.status_code < 400, answer.content
    entries = AuditEntry.objects.filter(sequence__gt=seen)
    assert [entry.act for entry in entries] == [act]
