"""The door by a provider of sign-ins (OpenID Connect): out to it, and back from it.

Back is the one page that acts on a GET: so the protocol has it. It acts once, for the
browser that went out.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ipamweb.access import oidc_people, oidc_provider
from ipamweb.access.oidc_provider import NotSignedIn
from ipamweb.web.views import doors


@login_not_required
@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Lead a browser to the provider by a page, not a redirect: the content policy lets
    no form end up elsewhere."""
    _check_configured()
    next_path = _safe(request, request.POST.get("next", ""))
    try:
        url = oidc_provider.begin(request, next_path=next_path)
    except NotSignedIn as refusal:
        return _refused(request, refusal)
    return render(request, "leaving.html", {"url": url, **doors.context()})


@login_not_required
@require_GET
@never_cache
def come_back(request: HttpRequest) -> HttpResponse:
    _check_configured()
    try:
        who = oidc_provider.finish(request)
        oidc_people.sign_in(request, who)
    except NotSignedIn as refusal:
        return _refused(request, refusal)
    return HttpResponseRedirect(_safe(request, who.next_path) or reverse("fleet"))


def _check_configured() -> None:
    if not oidc_provider.is_configured():
        raise Http404("Nobody signs in by a provider here.")


def _refused(request: HttpRequest, refusal: NotSignedIn) -> HttpResponse:
    seconds = oidc_people.record_refusal(request, refusal)
    words: dict[str, Any] = {"seconds": seconds} if seconds else {"why": refusal.words}
    answer = render(
        request,
        "login.html",
        {**words, **doors.context()},
        status=429 if seconds else refusal.status,
    )
    if seconds:
        answer["Retry-After"] = str(seconds)
    return answer


def _safe(request: HttpRequest, path: str) -> str:
    """Return a path of ours; "" where it leads elsewhere."""
    is_ours = url_has_allowed_host_and_scheme(
        path, {request.get_host()}, require_https=request.is_secure()
    )
    return path if is_ours else ""
