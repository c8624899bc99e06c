"""A pod, by its name (the newest) or by its UID (that one, also when it is gone)."""

from django.http import Http404, HttpRequest, HttpResponse

from ipamweb.mirror.queries import gaps, pod_others, pods
from ipamweb.mirror.queries.pods import PodDetail
from ipamweb.web.pages import pod_others as others
from ipamweb.web.pages.pods import Beside, pod_page
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, cluster_shell
from ipamweb.web.visit import ClusterVisit, cluster_visit


@only_reads
def pod(request: HttpRequest, slug: str, namespace: str, name: str) -> HttpResponse:
    here = cluster_visit(request, slug)
    found = pods.newest(
        name, namespace=namespace, cluster=here.cluster, scope=here.scope
    )
    if found is None:
        raise Http404(f"There is no pod {namespace}/{name} in {slug}, now or before.")
    return _show(here, found)


@only_reads
def pod_of_uid(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    here = cluster_visit(request, slug)
    found = pods.one(uid, cluster=here.cluster, scope=here.scope)
    if found is None:
        raise Http404(f"There is no pod with the UID {uid} in {slug}, now or before.")
    return _show(here, found)


def _show(here: ClusterVisit, found: PodDetail) -> HttpResponse:
    pod, slug = found.pod, here.cluster.slug
    shell = cluster_shell(
        here,
        f"{pod.namespace}/{pod.name}",
        section="namespaces",
        api=f"pods/{pod.uid}/",
        crumbs=(
            Crumb("Namespaces", path_to("namespaces", slug)),
            Crumb(pod.namespace, path_to("namespace", slug, pod.namespace)),
            Crumb(pod.name),
        ),
    )
    page = pod_page(found, visit=here, shell=shell, beside=_beside(here, found))
    return show(here.request, "pod.html", page)


def _beside(here: ClusterVisit, found: PodDetail) -> Beside:
    own = (*found.allocations, *found.history)
    oldest = min((row.from_earliest for row in own), default=here.now)
    siblings = pod_others.siblings(
        found.pod,
        cluster=here.cluster,
        most=others.MOST_SIBLINGS,
        scope=here.scope,
    )
    holders = pod_others.other_holders(
        others.addresses_of(own),
        owner_key=found.pod.uid,
        cluster=here.cluster,
        most=others.MOST_PAST,
        scope=here.scope,
    )
    slug = here.cluster.slug
    return Beside(
        gaps.since(oldest, cluster_ids=[here.cluster.id], scope=here.scope),
        others.siblings(siblings, slug=slug),
        others.other_holders(holders, own=own, slug=slug),
    )
