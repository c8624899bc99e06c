"""What REST asked of a cluster is done by sync, once, and the mirror is told."""

import pytest

from ipamweb.access import connections, credentials
from ipamweb.access.models import AuditEntry, ClusterConnection
from ipamweb.mirror.models import Allocation, Cluster, Cursor
from ipamweb.sync import asked
from tests import cast
from tests.access.test_pasted import kubeconfig

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    cast.insert()
    ada = cast.user()
    credentials.add("prod-eu", text=kubeconfig(), by=ada)
    Cursor.objects.create(cluster_id=1, kind="pods")
    return ada


def test_nothing_is_done_where_nothing_is_asked(ada, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert asked.carry_out() == 0


def test_the_mirror_is_told_that_its_cluster_is_paused_and_resumed(ada):
    for paused in (True, False):
        connections.ask_paused("prod-eu", paused=paused, by=ada)

        assert asked.carry_out() == 1
        assert asked.carry_out() == 0
        assert Cluster.objects.get(slug="prod-eu").paused is paused


def test_after_another_kubeconfig_everything_is_listed_anew(ada):
    credentials.replace("prod-eu", text=kubeconfig(), by=ada)

    asked.carry_out()

    assert Cursor.objects.get().needs_list


def test_no_cluster_waits_until_another_is_removed(ada, monkeypatch):
    credentials.add("lab", text=kubeconfig(), by=ada)
    connections.ask_removal("prod-eu", by=ada)
    connections.ask_paused("lab", paused=True, by=ada)
    monkeypatch.setattr(asked.acts, "remove", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        asked.carry_out()

    assert Cluster.objects.get(slug="lab").paused


def test_a_cluster_that_is_to_go_goes_with_its_history_and_no_other(ada):
    seen = AuditEntry.objects.count()
    connections.ask_removal("prod-eu", by=ada)

    asked.carry_out()

    assert [each.slug for each in Cluster.objects.all()] == ["lab"]
    assert not Allocation.objects.exists()
    assert not ClusterConnection.objects.exists()
    assert AuditEntry.objects.count() == seen + 1


def test_what_is_asked_meanwhile_is_done_the_next_time(ada, monkeypatch):
    connections.ask_paused("prod-eu", paused=True, by=ada)
    first = asked.acts.edited

    def edited(cluster):
        monkeypatch.setattr(asked.acts, "edited", first)
        connections.ask_paused("prod-eu", paused=False, by=ada)

    monkeypatch.setattr(asked.acts, "edited", edited)

    assert asked.carry_out() == 0
    assert asked.carry_out() == 1
    assert not Cluster.objects.get(slug="prod-eu").paused
