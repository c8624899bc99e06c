"""What all teams own, counted at once, is what each of them owns by itself."""

import pytest

from ipamweb.access import team_scopes, visibility
from ipamweb.access.models import Team
from ipamweb.mirror.models import Cluster, Namespace
from tests import cast
from tests.cast_people import owns, team, viewer

pytestmark = pytest.mark.django_db
NAME = "kubernetes.io/metadata.name"
# By the name of the team: the rules by which it owns.
RULES = {
    "none": [],
    "name": [{"namespace": "default"}],
    "here": [{"namespace": "default", "cluster": "prod-eu"}],
    "there": [{"namespace": "default", "cluster": "lab"}],
    "gone": [{"namespace": "shop", "since": cast.at("12:10:00")}],
    "after": [{"namespace": "shop"}],
    "label": [{"labels": {NAME: "batch"}}],
    "labels": [{"labels": {NAME: "batch", "tier": "db"}}],
    "two": [{"namespace": "default"}, {"labels": {NAME: "batch"}}],
    "empty": [{"labels": {}}],
}


def insert():
    cast.insert()
    Namespace.objects.create(
        cluster=Cluster.objects.get(slug="lab"),
        uid=cast.uid(101),
        name="default",
        labels={NAME: "batch", "tier": "db"},
        first_seen=cast.AS_OF,
    )
    for slug, rules in RULES.items():
        made = team(slug)
        for rule in rules:
            owns(made, **rule)


def test_all_at_once_is_what_each_is_alone():
    insert()

    found = team_scopes.of_teams(cast.user())

    alone = {
        each.slug: visibility.scope_of_team(each.pk) for each in Team.objects.all()
    }
    assert found == alone
    assert {slug: len(scope.namespaces) for slug, scope in found.items()} == {
        "platform": 1, "none": 0, "name": 2, "here": 1, "there": 1, "gone": 2,
        "after": 1, "label": 2, "labels": 1, "two": 3, "empty": 0,
    }  # fmt: skip


def test_more_teams_cost_no_more_queries(django_assert_num_queries):
    insert()
    ada = cast.user()
    for number in range(30):
        owns(team(f"more-{number}"), "default")

    with django_assert_num_queries(3):
        assert len(team_scopes.of_teams(ada)) == 41


def test_a_reader_gets_the_teams_they_are_in_alone():
    insert()
    victor = viewer()
    owns(team("ours", victor), "shop")

    assert set(team_scopes.of_teams(victor)) == {"ours"}
    assert team_scopes.of_teams(victor, only="name") == {}
