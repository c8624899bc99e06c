"""What looks wrong: the list, and one finding, which may be acknowledged."""

from dataclasses import replace
from datetime import timedelta

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect

from ipamweb.access.models import User
from ipamweb.findings import acts, queries
from ipamweb.findings.candidates import SEVERITIES
from ipamweb.findings.filters import (
    AGES,
    ALL,
    EVERY,
    KINDS,
    OPEN,
    RULE_IDS,
    STATES,
    FindingFilter,
)
from ipamweb.findings.queries import FindingRow
from ipamweb.mirror.queries import allocations, clusters
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.paging import Page, Window
from ipamweb.tables.definitions import FINDINGS
from ipamweb.web import formatting, parameters
from ipamweb.web.finding_map import Picture, drawn, window_of
from ipamweb.web.pages import findings as pages
from ipamweb.web.pages.finding_cells import table_cells
from ipamweb.web.pages.lists import pager
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, reads_and_acts, refuse, show
from ipamweb.web.shell import plain_shell, showing_past
from ipamweb.web.views import tabling
from ipamweb.web.visit import Visit, visit


@only_reads
def finding_list(request: HttpRequest) -> HttpResponse:
    asked = tabling.asked(request, FINDINGS)
    if asked.typed:
        return redirect(asked.typed)
    here = visit(request)
    wanted, state = _wanted(request)
    found = _found(here, wanted)
    counts = queries.facets(scope=here.scope, now=here.now, wanted=wanted)
    checks = queries.checks(scope=here.scope, cluster=wanted.cluster)
    known = clusters.every(scope=here.scope, now=here.now)
    meant = [each for each in known if wanted.cluster in ("", each.slug)]
    at = wanted.at
    shown = asked.shown(families=(), is_past=bool(at))
    page = pages.FindingsPage(
        shell=showing_past(
            here,
            plain_shell(
                here, "Findings", api=tabling.rest(asked, "findings/", state=state)
            ),
        ),
        table=tabling.part(
            asked,
            shown,
            (pages.finding_line(each) for each in found.rows),
            cells=table_cells(),
            words=("Findings", "What looks wrong, the worst first", here.now),
        ),
        tools=tabling.tools(asked, shown, state=state),
        facets=pages.facets(request, counts, wanted=wanted),
        pager=pager(request, found),
        is_filtered=replace(wanted, state="", at=None) != EVERY,
        state=state,
        looked=pages.LOOKED_THEN if at else pages.looked(checks),
        unlooked=() if at else pages.unlooked(meant, checks, now=here.now),
        suspected=counts.states.get("suspected", 0),
        news_path="" if at else pages.news_path(request),
        shown=tuple(each.id for each in found.rows),
    )
    return show(request, "findings.html", page)


@only_reads
def news(request: HttpRequest) -> HttpResponse:
    """Answer which findings the list with these parameters would show now."""
    here = visit(request)
    wanted, _ = _wanted(request)
    ids = [each.id for each in _found(here, wanted).rows]
    return JsonResponse({"ids": ids}, headers={"Cache-Control": "private, no-store"})


def _wanted(request: HttpRequest) -> tuple[FindingFilter, str]:
    """Return what is asked for, and the word for its state: open unless asked."""
    at = parameters.instant(request, "at")
    states = pages.STATES_THEN if at else STATES
    state = parameters.choice(request, "state", accepted=(*states, ALL), default=OPEN)
    wanted = FindingFilter(
        kind=_choice(request, "kind", KINDS),
        rule=_choice(request, "rule", RULE_IDS),
        severity=_choice(request, "severity", SEVERITIES),
        state="" if state == ALL else state,
        cluster=parameters.text(request, "cluster"),
        at=at,
        age=_choice(request, "age", tuple(AGES)),
        namespace=parameters.text(request, "namespace"),
    )
    return wanted, state


def _found(here: Visit, wanted: FindingFilter) -> Page[FindingRow]:
    return queries.listed(
        scope=here.scope,
        now=here.now,
        wanted=wanted,
        window=parameters.window(here.request),
    )


def _choice(request: HttpRequest, name: str, accepted: tuple[str, ...]) -> str:
    """Return a word that is accepted, or "" for all."""
    return parameters.choice(request, name, accepted=("", *accepted), default="")


@reads_and_acts
def finding(request: HttpRequest, number: int) -> HttpResponse:
    here = visit(request)
    at = parameters.instant(request, "at")
    found = queries.one(number, scope=here.scope, at=at)
    if found is None:
        was = f"was no finding {number} at {formatting.instant(at)}" if at else ""
        raise Http404(f"There {was or f'is no finding {number}'}.")
    if request.method == "POST":
        return _act(here, found)
    return _page(here, found)


def _act(here: Visit, found: FindingRow) -> HttpResponse:
    """Acknowledge, or take that back; then show the finding again."""
    request, user = here.request, here.request.user
    assert isinstance(user, User)
    try:
        if request.POST.get("act") == "withdraw":
            acts.withdraw(found.id, by=user, now=here.now)
        else:
            days = request.POST.get("days", "")
            if days not in dict(pages.LIFETIMES):
                raise ValueError("days: choose how long it may rest.")
            acts.acknowledge(
                found.id,
                by=user,
                reason=request.POST.get("reason", ""),
                until=here.now + timedelta(days=int(days)),
                now=here.now,
            )
    except acts.NotAllowed:
        words = "Admins acknowledge findings; a team's admins those about its pods."
        return refuse(request, 403, heading="This is not yours to do", words=words)
    except ValueError as error:
        return _page(here, found, fault=str(error), status=400)
    return HttpResponseRedirect(path_to("finding", str(found.id)))


def _picture(here: Visit, found: FindingRow) -> Picture | None:
    """Return what is held around what a finding is about, now; two queries."""
    window = window_of(found)
    if window is None or "at" in here.request.GET:
        return None
    cluster = clusters.one(found.cluster, scope=here.scope, now=here.now)
    if cluster is None:
        return None
    held = allocations.listed(
        cluster,
        scope=here.scope,
        wanted=AllocationFilter(within=window),
        window=Window(limit=2 * window.size),
    )
    return drawn(window, held.rows, finding=found)


def _history(here: Visit, found: FindingRow) -> pages.HistoryPart:
    """Return what became of a finding; of an instant of the past not what came then."""
    if "at" in here.request.GET:
        return pages.history(found, None)
    kept = queries.history(found, most=pages.MOST_EARLIER, scope=here.scope)
    return pages.history(found, kept)


def _page(
    here: Visit, found: FindingRow, *, fault: str = "", status: int = 200
) -> HttpResponse:
    user = here.request.user
    page = pages.FindingPage(
        shell=showing_past(
            here,
            plain_shell(
                here,
                f"{found.rule.title} · {found.cluster}",
                api=f"findings/{found.id}/",
            ),
        ),
        finding=pages.readable(found),
        rule=found.rule,
        sides=tuple(pages.side(each, cluster=found.cluster) for each in found.evidence),
        subject_path=pages.subject_path(found),
        certainty=pages.certainty(found),
        history=_history(here, found),
        picture=_picture(here, found),
        # The past cannot be acted on.
        may_act=isinstance(user, User)
        and "at" not in here.request.GET
        and acts.may_act(
            user,
            subject_kind=found.subject_kind,
            namespace_uid=found.namespace_uid,
            cluster_id=found.cluster_id,
        ),
        fault=fault,
    )
    answer = show(here.request, "finding.html", page)
    answer.status_code = status
    return answer
