"""The audit log, for auditors and admins; for others there is no such page."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse

from ipamweb.access import audit_entries, visibility
from ipamweb.access.audit_entries import EntryFilter
from ipamweb.access.models import User
from ipamweb.web import formatting, parameters
from ipamweb.web.pages.audit import AuditPage
from ipamweb.web.pages.lists import pager
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit


@only_reads
def audit_log(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not visibility.sees_everything(user):
        raise Http404("There is no such page.")
    wanted = EntryFilter(
        actor=parameters.text(request, "actor"),
        act=parameters.text(request, "act"),
        subject=parameters.text(request, "subject"),
        since=parameters.instant(request, "since"),
        until=parameters.instant(request, "until"),
    )
    found = audit_entries.listed(wanted=wanted, window=parameters.window(request))
    page = AuditPage(
        shell=plain_shell(
            visit(request),
            "Audit log",
            api=_twin(wanted),
        ),
        wanted=wanted,
        since=parameters.text(request, "since"),
        until=parameters.text(request, "until"),
        entries=found.rows,
        pager=pager(request, found),
    )
    return show(request, "audit.html", page)


def _twin(wanted: EntryFilter) -> str:
    asked = {
        "actor": wanted.actor,
        "act": wanted.act,
        "subject": wanted.subject,
        "since": wanted.since and formatting.machine_time(wanted.since),
        "until": wanted.until and formatting.machine_time(wanted.until),
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"audit/?{query}" if query else "audit/"
