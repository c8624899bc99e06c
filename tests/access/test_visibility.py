"""What each role may see by name: built in one place, from the database as it is."""

import pytest
from django.contrib.auth.models import AnonymousUser

from ipamweb.access import visibility
from ipamweb.mirror.models import Cluster, Namespace
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast_people import auditor, owns, team, viewer

DEFAULT, SHOP, BATCH = cast.uid(101), cast.uid(102), cast.uid(103)

pytestmark = pytest.mark.django_db


def uids_of(user):
    return {uid for _, uid in visibility.scope(user).namespaces}


def seen(**rule):
    """Return the UIDs that a viewer sees whose team owns by one rule."""
    cast.insert()
    victor = viewer()
    owns(team("web", victor), **rule)
    return uids_of(victor)


def test_admins_and_auditors_see_everything_without_a_query(django_assert_num_queries):
    admin, audrey = cast.user(), auditor()

    with django_assert_num_queries(0):
        assert visibility.scope(admin) == visibility.scope(audrey) == EVERYTHING


def test_who_has_no_team_sees_no_name():
    cast.insert()
    owns(team("web"), "default")

    assert visibility.scope(viewer()) == Scope()


def test_nobody_and_who_is_switched_off_see_nothing():
    off = cast.user()
    off.is_active = False

    assert visibility.scope(AnonymousUser()) == visibility.scope(off) == Scope()


def test_a_team_sees_the_namespace_of_a_name():
    assert seen(namespace="default") == {DEFAULT}


def test_what_was_gone_before_a_team_owned_the_name_is_not_theirs():
    """shop was made again at 12:20; the rule is from 12:30."""
    assert seen(namespace="shop") == {SHOP}


def test_a_namespace_that_went_while_a_team_owned_it_stays_theirs():
    uids = seen(namespace="shop", since=cast.at("12:10:00"))

    assert uids == {SHOP, cast.uid(109)}


def test_a_rule_for_one_cluster_holds_in_that_one():
    assert seen(namespace="default", cluster="prod-eu") == {DEFAULT}


def test_a_rule_for_another_cluster_means_nothing_here():
    assert seen(namespace="default", cluster="lab") == set()


def test_a_rule_for_every_cluster_holds_in_each():
    cast.insert()
    lab = Cluster.objects.get(slug="lab")
    Namespace.objects.create(
        cluster=lab, uid=cast.uid(901), name="default", first_seen=cast.AS_OF
    )
    victor = viewer()
    owns(team("web", victor), "default")

    assert uids_of(victor) == {DEFAULT, cast.uid(901)}


@pytest.mark.parametrize(
    ("labels", "uids"),
    [
        ({"kubernetes.io/metadata.name": "batch"}, {BATCH}),
        ({"kubernetes.io/metadata.name": "batch", "tier": "db"}, set()),
        ({"kubernetes.io/metadata.name": ""}, set()),
        ({"tier": "batch"}, set()),
        ({'"; DROP TABLE access_user; --': "x"}, set()),
    ],
)
def test_a_team_sees_the_namespaces_that_carry_all_labels(labels, uids):
    assert seen(labels=labels) == uids


def test_a_rule_without_name_and_labels_means_nothing():
    assert seen() == set()


def test_the_rules_of_all_teams_of_a_user_add_up_in_one_query(
    django_assert_num_queries,
):
    cast.insert()
    victor = viewer()
    owns(team("web", victor), "default")
    owns(team("shop", victor), "shop")
    owns(team("others", viewer("vera")), "batch")

    with django_assert_num_queries(1):
        assert uids_of(victor) == {DEFAULT, SHOP}


def test_a_team_alone_sees_what_it_owns():
    cast.insert()
    shop = team("shop")
    owns(shop, "shop")

    assert visibility.scope_of_team(shop.pk) == Scope(namespaces=frozenset({(1, SHOP)}))
