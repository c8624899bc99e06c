"""Users and teams without a browser."""

import pytest
from django.core.management.base import CommandError
from django.test import Client

from ipamweb.access import team_rows, tokens
from ipamweb.access.audit_entry import AuditEntry
from ipamweb.access.models import Team, Token, User
from tests.cast_people import team, viewer

pytestmark = pytest.mark.django_db


def acts():
    entries = AuditEntry.objects.order_by("sequence")
    return [(entry.act, entry.origin) for entry in entries]


def test_a_user_is_made_whose_password_is_printed_once(run):
    (password,) = run("create_user", "audrey", "--role", "auditor")

    assert User.objects.get().is_auditor
    assert acts() == [("user.create", "command create_user")]
    assert Client().login(username="audrey", password=password)


def test_a_team_is_made_with_all_it_needs(run):
    viewer("victor")
    viewer("ruth")

    lines = run(
        "create_team", "web", "--title", "Web people", "--member", "victor",
        "--admin", "ruth", "--owns", "shop", "--owns", "team=web,tier=front",
        "--cluster", "prod-eu",
    )  # fmt: skip

    web = Team.objects.get()
    assert lines == ["web is there"]
    assert [(each.username, each.role) for each in team_rows.members(web)] == [
        ("ruth", "team admin"),
        ("victor", "viewer"),
    ]
    assert [rule.words for rule in team_rows.rules(web)] == [
        "namespace shop in prod-eu",
        "namespaces labelled team=web, tier=front in prod-eu",
    ]
    assert len(acts()) == 5


def test_a_team_that_is_there_gets_more(run):
    web = team("web")

    run("create_team", "web", "--owns", "shop")

    assert [rule.words for rule in team_rows.rules(web)] == [
        "namespace shop in every cluster"
    ]


def test_a_mistake_leaves_nothing_half_made(run):
    with pytest.raises(CommandError, match="There is no user 'nobody'."):
        run("create_team", "web", "--member", "nobody")

    assert (Team.objects.count(), acts()) == (0, [])


@pytest.mark.parametrize("may_write", [True, False])
def test_a_token_writes_where_that_was_asked(run, may_write):
    viewer("victor")

    (text,) = run("create_token", "victor", *(["--write"] if may_write else []))

    assert text.startswith("ipw_")
    assert Token.objects.get().may_write is may_write
    assert tokens.FORM.fullmatch(text)
