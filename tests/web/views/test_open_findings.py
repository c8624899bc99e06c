"""Pages of what findings are about name the open ones, to who may see them."""

import pytest

from ipamweb.findings.models import Finding
from ipamweb.mirror.models import Cluster
from tests import cast_findings, cast_people
from tests.cast import uid
from tests.published import POD_UID
from tests.web.reading import links, text

pytestmark = pytest.mark.django_db

P = "/clusters/prod-eu/"
ONE = "1 finding: ▲▲ critical Duplicate pod address"
OF_POD = "1 finding: ▲ high Pod address outside its node's CIDRs"


@pytest.fixture
def prod(everybody) -> Cluster:
    return everybody.prod


def about(kind: str, name: str) -> None:
    Finding.objects.update(subject_kind=kind, subject=name)


@pytest.mark.parametrize(
    ("kind", "name", "page"),
    [
        ("address", "10.0.0.39", f"{P}ip/10.0.0.39"),
        ("address", "10.0.0.39", f"{P}pod/{uid(431)}/"),
        ("node", "worker-b", f"{P}nodes/worker-b/"),
        ("pool", "cilium-cluster-pool-v4", f"{P}pools/cilium-cluster-pool-v4/"),
    ],
)
def test_a_page_names_what_is_open_about_it(prod, reader, kind, name, page):
    about(kind, name)

    answer = reader.get(page)

    assert ONE in text(answer)
    assert "/findings/1/" in links(answer)


def test_the_page_of_a_pod_names_what_is_about_it(prod, reader):
    cast_findings.of_pod(prod, id=7)

    answer = reader.get(f"{P}pod/{POD_UID}/")

    assert OF_POD in text(answer)
    assert "/findings/7/" in links(answer)


def test_a_namespace_counts_what_is_about_its_pods_and_leads_there(prod, reader):
    cast_findings.of_pod(prod, id=7)
    cast_findings.of_pod(prod, id=8, key="x", namespace_uid=uid(102))

    answer = reader.get(f"{P}ns/default/")
    listed = "/findings/?cluster=prod-eu&namespace=default"

    assert "1 finding about its pods" in text(answer)
    assert listed in links(answer)
    assert "/findings/7/" in links(reader.get(listed))
    assert "/findings/1/" not in links(reader.get(listed))


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "suspected"},
        {"state": "resolved"},
        {"acknowledged_until": "2026-11-23T00:00:00Z"},
    ],
)
def test_only_open_ones_are_named(prod, reader, changes):
    Finding.objects.update(**changes)

    assert "1 finding:" not in text(reader.get(f"{P}ip/10.0.0.39"))


def test_of_many_the_worst_are_named_and_the_others_counted(prod, reader):
    for number in range(2, 6):
        cast_findings.doubled(prod, id=number, key=str(number), severity=2)

    page = text(reader.get(f"{P}ip/10.0.0.39"))

    assert "5 findings: ▲▲ critical" in page
    assert "and 2 more" in page


def test_the_past_is_not_told_by_what_is_open_now(prod, reader):
    page = text(reader.get(f"{P}ip/10.0.0.39?at=2026-11-22T13:45:00Z"))

    assert "1 finding:" not in page


def test_a_node_of_the_same_name_elsewhere_is_not_meant(prod, reader):
    about("node", "worker-b")
    Finding.objects.update(cluster=Cluster.objects.get(slug="lab"))

    assert "1 finding:" not in text(reader.get(f"{P}nodes/worker-b/"))


def test_what_is_about_others_pods_is_named_to_nobody_else(prod, client):
    cast_findings.of_pod(prod, id=7, subject_uid=uid(431), namespace_uid=uid(103))
    viewer = cast_people.viewer()
    cast_people.owns(cast_people.team("front", viewer), "default")
    client.force_login(viewer)

    assert client.get(f"{P}pod/{uid(431)}/").status_code == 404
    assert "1 finding about" not in text(client.get(f"{P}ns/default/"))
