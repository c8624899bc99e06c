"""Two worlds that are alike in what everybody may see: addresses, times, counts.

The first is the cast. `disguise` turns it into the second: what lies outside a scope
gets other names, UIDs, labels, workloads and another share among namespaces.
"""

from typing import Any

from ipamweb.access.models import Membership, SavedView, Team, User
from ipamweb.findings.models import Finding
from ipamweb.mirror.models import (
    Allocation,
    Cluster,
    CoverageGap,
    Endpoint,
    Namespace,
    NamespaceVersion,
    PastAllocation,
    Pod,
    Problem,
    SyncRun,
)
from ipamweb.mirror.queries.visibility import in_scope
from ipamweb.mirror.scope import Scope
from ipamweb.usage.models import NAMESPACE, UsageSeries
from tests import cast, cast_findings, cast_usage


def insert() -> None:
    """Insert the first world: the cast, its usage, and names wherever one may stand."""
    prod = cast.insert().prod
    cast_usage.insert()
    cast_findings.of_pod(
        prod, id=77, namespace_uid=cast.uid(102), subject="shop/odd", key="shop"
    )
    cast_findings.of_pod(prod, id=78)
    cast_findings.of_operator(prod, id=79)
    _save_views("shop")
    _say_names("shop")


def disguise(scope: Scope) -> None:
    """Make the second world out of the first, for who sees no more than a scope."""
    hidden = Namespace.objects.exclude(in_scope(scope, field="uid"))
    home = hidden.order_by("-id").last()
    assert home is not None
    UsageSeries.objects.filter(
        scope=NAMESPACE, subject_id__in=hidden.values("id")
    ).delete()
    new_uids = {each.uid: _renamed(each) for each in hidden}
    pods = Pod.objects.exclude(in_scope(scope))
    new_owners = {pod.uid: _moved(pod, _again(home)) for pod in pods}
    _hold_anew(new_owners, new_uids, namespace_uid=_again(home).uid)
    _other_endpoints(new_owners)
    _other_findings(new_uids)
    Namespace.objects.create(
        cluster=home.cluster, uid=cast.uid(7999), name="aaa", first_seen=cast.AS_OF
    )
    _say_names("zoo")
    _save_views("zoo")


def _again(namespace: Namespace) -> Namespace:
    return Namespace.objects.get(pk=namespace.pk)


def _renamed(namespace: Namespace) -> str:
    """Rename a namespace so that the order of names is turned; return its new UID."""
    namespace.name = f"other-{99 - namespace.pk:02}"
    namespace.uid = cast.uid(7000 + namespace.pk)
    namespace.labels = {"of": "nobody"}
    namespace.pod_count = namespace.allocated_v4 = namespace.allocated_v6 = 1
    namespace.save()
    NamespaceVersion.objects.filter(namespace=namespace).update(labels={})
    return namespace.uid


def _moved(pod: Pod, home: Namespace) -> str:
    """Give a pod another name, UID and workload in one namespace; return its UID."""
    pod.namespace, pod.namespace_name, pod.namespace_uid = home, home.name, home.uid
    pod.uid = cast.uid(8000 + pod.pk)
    pod.name = f"x-{999 - pod.pk}"
    pod.workload_kind, pod.workload_name = "Job", "x"
    pod.save()
    return pod.uid


def _hold_anew(
    owners: dict[str, str], uids: dict[str, str], *, namespace_uid: str
) -> None:
    for model in (Allocation, PastAllocation):
        rows = list(model.objects.filter(owner_key__in=owners))
        # A past row is never changed: it is put back.
        model.objects.filter(pk__in=[row.pk for row in rows]).delete()
        for row in rows:
            row.owner_key = owners[row.owner_key]
            assert row.namespace_uid in uids
            row.namespace_uid = namespace_uid
        _put_back(model, rows)


def _put_back(model: Any, rows: list[Any]) -> None:
    model.objects.bulk_create(rows)


def _other_endpoints(owners: dict[str, str]) -> None:
    for endpoint in Endpoint.objects.filter(pod_uid__in=owners):
        endpoint.pod_uid = owners[endpoint.pod_uid]
        endpoint.name, endpoint.namespace_name = "x", "other"
        endpoint.save()


def _other_findings(uids: dict[str, str]) -> None:
    """Let findings about hidden pods be none, and other pods be the evidence."""
    Finding.objects.filter(subject_kind="pod", namespace_uid__in=uids).delete()
    for finding in Finding.objects.all():
        for each in finding.evidence:
            if each["namespace_uid"] in uids:
                each["namespace_uid"] = uids[each["namespace_uid"]]
                each |= {"name": "other/x", "uid": cast.uid(7556), "private": []}
        finding.save()


def _save_views(name: str) -> None:
    """Let somebody else keep a view to themselves and one in their team, which name a
    namespace, and one for everybody, which names none."""
    olga, _ = User.objects.get_or_create(username="olga")
    olgas, _ = Team.objects.get_or_create(slug="olgas")
    Membership.objects.get_or_create(team=olgas, user=olga)
    olga.views.all().delete()
    kept = {
        "owner": olga,
        "table": "allocations",
        "query": {"namespace": name},
        "names_owners": True,
        "changed_at": cast.AS_OF,
    }
    SavedView.objects.create(**kept, id=801, name="mine")
    SavedView.objects.create(**kept, id=803, name="of-team", team=olgas)
    kept |= {"query": {"kind": "pod"}, "names_owners": False, "everybody": True}
    SavedView.objects.create(**kept, id=802, name="all", columns=["address", "owner"])


def _say_names(name: str) -> None:
    """Let the cluster name a namespace in all that it says itself."""
    words = f"could not list pods: namespace {name} is forbidden"
    Cluster.objects.update(last_error=words, namespaces=["default", name])
    CoverageGap.objects.update(message=words)
    SyncRun.objects.update(error=words)
    for finding in Finding.objects.filter(rule="F14"):
        finding.evidence[0]["private"] = [["error", f"{name} is odd"]]
        finding.save()
    Problem.objects.update(
        object=f"{name}/odd-0", object_uid=cast.uid(len(name)), why=f"{name} is odd"
    )
