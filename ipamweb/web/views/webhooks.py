"""Pages on which admins make webhooks and see what became of them.

For others there are no such pages. Nothing is sent here: a test is put among the
deliveries, which another process brings (events/deliver.py).
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ipamweb.access import team_rows
from ipamweb.access.models import User
from ipamweb.access.teams import Refused
from ipamweb.events import rows, webhooks
from ipamweb.events.kinds import ACTIVE, KINDS, MAIL, PAUSED
from ipamweb.mirror.queries.paging import Window
from ipamweb.web import parameters
from ipamweb.web.pages import webhooks as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.rendering import reads_and_acts, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit

MOST_TEAMS = Window(limit=1000)
DONE = {
    "test": "A test is on its way; it stands below when it was tried.",
    "change": "It is changed.",
    "pause": "It is paused: nothing is sent, and what happens meanwhile is not kept.",
    "resume": "It is active again.",
}


@sensitive_post_parameters()
@reads_and_acts
def webhook_list(request: HttpRequest) -> HttpResponse:
    user = _admin(request)
    if request.method != "POST":
        return _list(request, user)
    try:
        made, secret = webhooks.create(
            by=user, now=visit(request).now, **_wish(request)
        )
    except Refused as error:
        return _list(request, user, error=str(error))
    if not secret:
        return HttpResponseRedirect(reverse("admin_webhook", args=[made.pk]))
    return _list(request, user, new_secret=secret)


@sensitive_post_parameters()
@reads_and_acts
def webhook(request: HttpRequest, number: int) -> HttpResponse:
    user = _admin(request)
    if request.method != "POST":
        done = DONE.get(parameters.text(request, "done"), "")
        return _one(request, number, done=done)
    act = request.POST.get("act", "")
    try:
        if act == "rotate":
            _, secret = webhooks.rotate(number, by=user, now=visit(request).now)
            return _one(request, number, new_secret=secret)
        if act == "remove":
            webhooks.remove(number, by=user)
            return HttpResponseRedirect(reverse("admin_webhooks"))
        _act(request, number, act, user)
    except Refused as error:
        return _one(request, number, error=str(error))
    path = reverse("admin_webhook", args=[number])
    return HttpResponseRedirect(f"{path}?done={act}")


def _act(request: HttpRequest, number: int, act: str, user: User) -> None:
    if act == "test":
        webhooks.test(number, by=user, now=visit(request).now)
    elif act == "pause":
        webhooks.change(number, by=user, state=PAUSED)
    elif act == "resume":
        webhooks.change(number, by=user, state=ACTIVE)
    elif act == "change":
        given = request.POST
        changes: webhooks.Change = {
            "name": given.get("name", ""),
            "kinds": given.getlist("kinds"),
        }
        if given.get("url", "").strip():
            changes["url"] = given["url"]
        webhooks.change(number, by=user, **changes)
    else:
        raise PermissionDenied


def _admin(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.is_superuser:
        raise Http404("There is no such page.")
    return user


def _wish(request: HttpRequest) -> webhooks.Wish:
    given = request.POST
    return {
        "name": given.get("name", ""),
        "url": given.get("url", ""),
        "template": given.get("template", ""),
        "team": given.get("team", ""),
        "kinds": given.getlist("kinds"),
    }


def _list(request: HttpRequest, user: User, **news: str) -> HttpResponse:
    found = rows.listed(window=parameters.window(request))
    is_refused = bool(news.get("error"))
    given = request.POST if is_refused else None
    page = pages.WebhooksPage(
        shell=plain_shell(visit(request), "Webhooks", api="webhooks/"),
        webhooks=found.rows,
        pager=pager(request, found),
        choices=pages.choices(given.getlist("kinds") if given else list(KINDS)),
        wordings=tuple(pages.WORDINGS.items()),
        teams=tuple(
            team.slug for team in team_rows.listed(user, window=MOST_TEAMS).rows
        ),
        given={name: given.get(name, "") for name in ("name", "template", "team")}
        if given
        else {},
        **news,
    )
    return _answer(request, "webhooks.html", page)


def _one(request: HttpRequest, number: int, **news: str) -> HttpResponse:
    found = rows.one(number)
    if found is None:
        raise Http404("There is no such webhook.")
    sent = rows.deliveries(number, window=parameters.window(request))
    page = pages.WebhookPage(
        shell=plain_shell(
            visit(request), f"{found.name} · webhook", api=f"webhooks/{number}/"
        ),
        webhook=found,
        wording=pages.WORDINGS[found.template],
        signs=found.template != MAIL,
        choices=pages.choices(found.kinds),
        deliveries=sent.rows,
        pager=pager(request, sent),
        **news,
    )
    return _answer(request, "webhook.html", page)


def _answer(request: HttpRequest, template: str, page: Any) -> HttpResponse:
    response = show(request, template, page, status=400 if page.error else 200)
    if page.new_secret:
        response["Cache-Control"] = "no-store"
    return response
