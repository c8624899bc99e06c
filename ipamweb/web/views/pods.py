"""A pod, by its name (the newest) or by its UID (that one, also when it is gone)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from ipamweb.addressing.ranges import format_address
from ipamweb.findings.about import About
from ipamweb.mirror.queries import (
    gaps,
    past_pod_others,
    past_pods,
    pod_others,
    pods,
)
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.pods import PodDetail
from ipamweb.web import formatting
from ipamweb.web.pages import pod_others as others
from ipamweb.web.pages.pods import Beside, pod_page
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, cluster_shell, with_findings
from ipamweb.web.visit import ClusterVisit, cluster_visit

Rows = tuple[AllocationRow, ...]


@only_reads
def pod(request: HttpRequest, slug: str, namespace: str, name: str) -> HttpResponse:
    here = cluster_visit(request, slug, shows_past=True)
    of: dict[str, Any] = {"cluster": here.cluster, "scope": here.scope}
    if here.at:
        found = past_pods.named(name, namespace=namespace, at=here.at, **of)
    else:
        found = pods.newest(name, namespace=namespace, **of)
    return _show(here, _there(here, found, f"pod {namespace}/{name}"))


@only_reads
def pod_of_uid(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    here = cluster_visit(request, slug, shows_past=True)
    of: dict[str, Any] = {"cluster": here.cluster, "scope": here.scope}
    found = past_pods.one(uid, at=here.at, **of) if here.at else pods.one(uid, **of)
    return _show(here, _there(here, found, f"pod with the UID {uid}"))


def _there(here: ClusterVisit, found: PodDetail | None, words: str) -> PodDetail:
    slug, at = here.cluster.slug, here.at
    if found:
        return found
    if at:
        raise Http404(f"There was no {words} in {slug} at {formatting.instant(at)}.")
    raise Http404(f"There is no {words} in {slug}, now or before.")


def _show(here: ClusterVisit, found: PodDetail) -> HttpResponse:
    pod, slug = found.pod, here.cluster.slug
    shell = with_findings(
        cluster_shell(
            here,
            f"{pod.namespace}/{pod.name}",
            section="namespaces",
            api=f"pods/{pod.uid}/",
            crumbs=(
                Crumb("Namespaces", path_to("namespaces", slug)),
                Crumb(pod.namespace, path_to("namespace", slug, pod.namespace)),
                Crumb(pod.name),
            ),
        ),
        here,
        about=About(
            "address",
            tuple(format_address(each.address) for each in found.allocations),
            pod_uid=pod.uid,
        ),
    )
    page = pod_page(found, visit=here, shell=shell, beside=_beside(here, found))
    return show(here.request, "pod.html", page)


def _beside(here: ClusterVisit, found: PodDetail) -> Beside:
    own = (*found.allocations, *found.history)
    shown = here.at or here.now
    oldest = min((row.from_earliest for row in own), default=shown)
    siblings, holders = _others(here, found)
    slug = here.cluster.slug
    blind = gaps.since(oldest, cluster_ids=[here.cluster.id], scope=here.scope)
    return Beside(
        tuple(gap for gap in blind if gap.started_at <= shown),
        others.siblings(siblings, slug=slug),
        others.other_holders(holders, own=own, slug=slug),
    )


def _others(here: ClusterVisit, found: PodDetail) -> tuple[Rows, Rows]:
    """Return what the others of its workload hold, and who else had its addresses."""
    of: dict[str, Any] = {"cluster": here.cluster, "scope": here.scope}
    addresses = others.addresses_of((*found.allocations, *found.history))
    uid, most = found.pod.uid, others.MOST_SIBLINGS
    if here.at:
        of["at"] = here.at
        return (
            past_pod_others.siblings(found.pod, most=most, **of),
            past_pod_others.other_holders(addresses, owner_key=uid, **of),
        )
    return (
        pod_others.siblings(found.pod, most=most, **of),
        pod_others.other_holders(addresses, owner_key=uid, most=others.MOST_PAST, **of),
    )
