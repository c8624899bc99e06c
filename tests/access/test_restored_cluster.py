"""A cluster restored from another's backup has namespaces of the same UIDs.

Who owns a namespace in the one alone learns no name of the other.
"""

import pytest
from django.test import Client
from django.utils import timezone

from ipamweb.access import visibility
from ipamweb.findings import acts
from ipamweb.mirror.models import Allocation, Cluster, Namespace, PastAllocation, Pod
from ipamweb.mirror.queries.visibility import in_scope
from ipamweb.usage.models import NAMESPACE, UsageSeries
from ipamweb.web import visit
from tests import cast, cast_findings
from tests.access.test_non_interference import asked
from tests.cast_people import owns, team, viewer

pytestmark = pytest.mark.django_db

DEFAULT = cast.uid(101)
P, API = "/clusters/lab/", "/api/v1/clusters/lab/"
AT = "at=2026-11-22T13:45:00Z"
PATHS = (
    f"{P}", f"{P}ns/", f"{P}ns/default/", f"{P}pods/default/hush-0/",
    f"{P}pod/{cast.uid(901)}/", f"{P}pod/{cast.uid(902)}/", f"{P}ip/10.9.0.1",
    f"{P}ip/10.9.0.2?{AT}", f"{P}ns/?{AT}", f"{P}ns/default/?{AT}",
    "/ip/10.9.0.1", "/search?q=hush", "/search?q=10.9.0.1", "/search?q=default/hush-0",
    "/search/suggestions?q=hu", "/search/suggestions?q=default/", "/teams/web/",
    "/findings/", "/findings/77/", "/api/v1/findings/", "/api/v1/findings/77/",
    f"{API}namespaces/", f"{API}namespaces/default/", f"{API}namespaces/?{AT}",
    f"{API}pods/", f"{API}pods/?q=hush", f"{API}pods/?{AT}",
    f"{API}pods/{cast.uid(901)}/", f"{API}pods/{cast.uid(902)}/",
    f"{API}allocations/", f"{API}allocations/?q=hush", f"{API}allocations/?{AT}",
    f"{API}allocations/?namespace=default", f"{API}allocations/?q=hush&{AT}",
    f"{API}allocations/?pod=hush-0&{AT}", f"{API}addresses/10.9.0.1/",
    "/api/v1/addresses/10.9.0.1/", "/api/v1/usage/?scope=namespace",
    "/api/v1/ip-hours/?month=2026-11", "/api/v1/ip-hours/?month=2026-11&by=team",
    "/api/v1/ip-hours/?month=2026-11&team=web", "/api/v1/teams/web/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch):
    monkeypatch.setattr(visit, "present", lambda: cast.NOW)
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


@pytest.fixture
def restored():
    """Make the cast's second cluster one that was restored from the first's backup."""
    cast.insert()
    Cluster.objects.filter(slug="lab").update(
        first_as_of=cast.FIRST_AS_OF, as_of=cast.AS_OF, last_error="", families=[4],
        failures_in_row=0,
    )  # fmt: skip
    lab = Cluster.objects.get(slug="lab")
    default = Namespace.objects.create(
        cluster=lab, uid=DEFAULT, name="default", first_seen=cast.FIRST_AS_OF,
        pod_count=1, allocated_v4=1,
    )  # fmt: skip
    pods = [
        Pod.objects.create(
            cluster=lab, uid=cast.uid(900 + number), namespace=default,
            namespace_uid=DEFAULT, namespace_name="default", name=f"hush-{number - 1}",
            workload_kind="Job", workload_name="hush", seen_earliest=cast.FIRST_AS_OF,
            first_seen=cast.FIRST_AS_OF, addresses=f"10.9.0.{number}", phase="Running",
        )
        for number in (1, 2)
    ]  # fmt: skip
    for number, pod in enumerate(pods, 1):
        cast.allocation(
            900 + number, f"10.9.0.{number}", cluster_id=lab.pk, owner_key=pod.uid,
            pod=pod, namespace_uid=DEFAULT,
        ).save()  # fmt: skip
    UsageSeries.objects.create(
        cluster=lab, scope=NAMESPACE, subject_id=default.pk, family=4
    )
    cast_findings.of_pod(lab, id=77, subject="default/hush-0")
    return lab


def disguise():
    """Let everything that is the other cluster's alone be called otherwise."""
    Pod.objects.filter(name__startswith="hush").update(
        name="zoo-0", workload_name="zoo", namespace_name="zoos"
    )
    Namespace.objects.filter(cluster__slug="lab").update(
        name="zoos", labels={"a": "b"}, pod_count=2, allocated_v4=2
    )
    UsageSeries.objects.filter(cluster__slug="lab").delete()


def told_apart(reader):
    client = Client(raise_request_exception=False)
    client.force_login(reader)
    first = {path: asked(client, path) for path in PATHS}
    disguise()
    return [path for path in PATHS if asked(client, path) != first[path]]


def test_who_owns_it_in_one_cluster_learns_nothing_of_the_other(restored):
    reader = viewer()
    owns(team("web", reader), "default", cluster="prod-eu")

    assert told_apart(reader) == []


def test_who_owns_it_in_both_sees_the_names_of_both(restored):
    reader = viewer()
    owns(team("web", reader), "default")

    assert len(told_apart(reader)) > 25


def test_a_scope_names_the_cluster_beside_the_uid(restored):
    reader = viewer()
    owns(team("web", reader), "default", cluster="prod-eu")
    scope = visibility.scope(reader)

    assert scope.namespaces == {(1, DEFAULT)}
    assert scope.shows(DEFAULT, cluster_id=1)
    assert not scope.shows(DEFAULT, cluster_id=restored.pk)
    for model in (Allocation, PastAllocation, Pod):
        found = model.objects.filter(in_scope(scope))
        assert set(found.values_list("cluster_id", flat=True)) <= {1}


def test_an_admin_of_a_team_acknowledges_in_its_own_cluster_alone(restored):
    ruth = viewer("ruth")
    owns(team("web", admin=ruth), "default", cluster="prod-eu")
    asked_for = {"subject_kind": "pod", "namespace_uid": DEFAULT}

    assert acts.may_act(ruth, **asked_for, cluster_id=1)
    assert not acts.may_act(ruth, **asked_for, cluster_id=restored.pk)
