"""Add a cluster from a pasted kubeconfig; for who is no admin there is no such page.

The cluster is not asked here: its first poll says whether it can be read.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ipamweb.access import credentials
from ipamweb.access.models import User
from ipamweb.web import parameters
from ipamweb.web.pages.new_cluster import NewClusterPage
from ipamweb.web.rendering import reads_and_acts, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit


@sensitive_post_parameters()
@reads_and_acts
def new_cluster(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not user.is_superuser:
        raise Http404("There is no such page.")
    shell = plain_shell(visit(request), "Add a cluster")
    if request.method != "POST":
        added = parameters.text(request, "added")
        return show(request, "new_cluster.html", NewClusterPage(shell, added=added))
    name = request.POST.get("name", "").strip()
    context = request.POST.get("context", "").strip()
    try:
        credentials.add(
            name, text=request.POST.get("kubeconfig", ""), context=context, by=user
        )
    except ValueError as error:
        page = NewClusterPage(shell, name[:63], context[:253], error=str(error))
        return show(request, "new_cluster.html", page, status=400)
    query = urlencode({"added": name})
    return HttpResponseRedirect(f"{reverse('admin_clusters')}?{query}")
