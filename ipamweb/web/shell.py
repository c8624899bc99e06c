"""What stands around every page: title, the way back, freshness, the API twin.

The words about freshness are made here, once: how old, why, and what a person can do.
"""

import shlex
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from django.urls import get_script_prefix, reverse

from ipamweb.findings.about import About, open_about
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.web import exported, formatting, parameters
from ipamweb.web.pages.lists import link
from ipamweb.web.pages.past import (
    PastStrip,
    beside_words,
    past_strip,
    plain_strip,
    text_of,
)
from ipamweb.web.paths import path_to
from ipamweb.web.visit import ClusterVisit, Visit

SECTIONS = (
    ("overview", "Overview", "cluster"),
    ("pools", "Pools", "pools"),
    ("nodes", "Nodes", "nodes"),
    ("allocations", "Allocations", "allocations"),
    ("namespaces", "Namespaces", "namespaces"),
    ("problems", "Problems", "problems"),
)

# How far from now past mode begins.
LOOK_BACK = timedelta(hours=1)
# Findings that a page names one by one.
MOST_OPEN = 3


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to a page; `path` is empty for the page itself."""

    words: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    words: str
    path: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """A sentence above the page; `command` is what a person may run, if anything."""

    words: str
    command: str = ""
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class OpenLink:
    path: str
    title: str
    severity: str


@dataclass(frozen=True, slots=True)
class OpenLine:
    """How many findings are open about what a page shows, and where they stand; the
    worst of them as links, `more` beside these."""

    words: str
    path: str
    links: tuple[OpenLink, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one page; while it stays open it follows the clusters named."""

    title: str
    now: datetime
    crumbs: tuple[Crumb, ...]
    api_path: str
    curl: str
    query: str = ""
    cluster: ClusterRow | None = None
    sections: tuple[Section, ...] = ()
    strips: tuple[Strip, ...] = ()
    lamp: str = "fresh"
    lamp_words: str = "live"
    followed: tuple[ClusterRow, ...] = ()
    past: PastStrip | None = None
    look_back: str = ""
    open_findings: OpenLine | None = None

    @property
    def csv_path(self) -> str:
        return exported.csv_path(self.api_path)


def plain_shell(
    visit: Visit,
    title: str,
    *,
    api: str = "",
    query: str = "",
    followed: tuple[ClusterRow, ...] = (),
) -> Shell:
    """Return the frame of a page of no cluster, or of all. `api` is below /api/v1/.

    Where an instant is asked for it says that the page shows the present only.
    """
    at = parameters.instant(visit.request, "at")
    api_path = _api_path(api)
    return Shell(
        title=title,
        now=visit.now,
        crumbs=(),
        api_path=api_path,
        curl=_curl(visit, api_path),
        query=query,
        followed=() if at else followed,
        past=plain_strip(visit.request, at) if at else None,
    )


def showing_past(visit: Visit, shell: Shell) -> Shell:
    """Return the frame of a page of no cluster that shows how it was where an instant
    is asked for."""
    at = parameters.instant(visit.request, "at")
    if at is None or shell.past is None:
        return shell
    api_path = _of_then(shell.api_path, at)
    return replace(
        shell,
        api_path=api_path,
        curl=_curl(visit, api_path),
        past=replace(shell.past, is_shown=True),
    )


def cluster_shell(
    visit: ClusterVisit,
    title: str,
    *,
    section: str,
    api: str,
    crumbs: tuple[Crumb, ...] = (),
) -> Shell:
    """Return the frame of a page of a cluster. `api` is below /api/v1/clusters/<c>/."""
    cluster = visit.cluster
    api_path = _api_path(_of_then(f"clusters/{cluster.slug}/{api}", visit.at))
    lamp, lamp_words = ("past", "past") if visit.past else lamp_of(cluster)
    return Shell(
        title=f"{title} · {cluster.slug}" if title != cluster.slug else title,
        now=visit.now,
        crumbs=_crumbs(cluster, crumbs),
        api_path=api_path,
        curl=_curl(visit, api_path),
        cluster=cluster,
        sections=_sections(cluster, section, is_past=visit.past is not None),
        strips=() if visit.at else tuple(strips(cluster, now=visit.now)),
        lamp=lamp,
        lamp_words=lamp_words,
        # Nothing of the past changes: nobody asks for news of it.
        followed=() if visit.past else (cluster,),
        past=_past(visit),
        look_back="" if visit.past else look_back(visit.request.path, cluster),
    )


def look_back(path: str, cluster: ClusterRow) -> str:
    """Return the way to a page as it was an hour before the last read, or when the
    history begins; empty of a cluster that was never read."""
    as_of, begins = cluster.freshness.as_of, cluster.freshness.history_from
    if as_of is None or begins is None:
        return ""
    at = max(as_of - LOOK_BACK, begins)
    return f"{path}?{urlencode({'at': text_of(at)})}"


def with_findings(shell: Shell, visit: ClusterVisit, *, about: About) -> Shell:
    """Return the frame with what is open about what the page shows. One query; of the
    past nothing is said."""
    if visit.past:
        return shell
    found = open_about(
        about, cluster_id=visit.cluster.id, most=MOST_OPEN, scope=visit.scope
    )
    line = OpenLine(
        formatting.plural(found.count, "finding"),
        findings_path(visit.cluster),
        tuple(
            OpenLink(path_to("finding", str(each.id)), each.title, each.severity)
            for each in found.rows
        ),
        more=found.count - len(found.rows),
    )
    return replace(shell, open_findings=line if found.count else None)


def with_findings_of(shell: Shell, visit: ClusterVisit, of: NamespaceRow) -> Shell:
    """Return the frame with how many findings are open about a namespace's pods."""
    if visit.past or not of.findings:
        return shell
    line = OpenLine(
        f"{formatting.plural(of.findings, 'finding')} about its pods",
        findings_path(visit.cluster, namespace=of.name),
    )
    return replace(shell, open_findings=line)


def findings_path(cluster: ClusterRow, **wanted: str) -> str:
    """Return the way to what looks wrong in a cluster."""
    return f"{reverse('findings')}?{urlencode({'cluster': cluster.slug, **wanted})}"


def _of_then(api: str, at: datetime | None) -> str:
    """Return a twin that shows the same instant."""
    if at is None or not api or "at=" in api:
        return api
    return f"{api}{'&' if '?' in api else '?'}at={quote(text_of(at))}"


def _past(visit: ClusterVisit) -> PastStrip | None:
    if visit.past is None:
        return None
    found = past_strip(
        visit.request,
        visit.cluster,
        past=visit.past.known,
        density=visit.past.density,
    )
    return replace(
        found,
        is_shown=visit.past.is_shown,
        vs=text_of(visit.vs) if visit.vs else "",
        beside=beside_words(visit.cluster, visit.past.known, visit.beside)
        if visit.beside
        else "",
        apart=link(visit.request, at=text_of(visit.past.known.at), vs="")
        if visit.vs
        else "",
        can_compare=visit.compares,
    )


def strips(cluster: ClusterRow, *, now: datetime) -> list[Strip]:
    """Return what a reader must know before believing a number of this cluster."""
    age = _age_strip(cluster, now)
    found = [age] if age else []
    if cluster.held_release:
        held = cluster.held_release
        found.append(
            Strip(
                f"A poll at {formatting.instant(held.at)} saw {held.count} of "
                f"{held.of} addresses released at once. Nothing was released: so many "
                "at once are believed only when a person confirms it.",
                command=f"python manage.py accept_release {shlex.quote(cluster.slug)}",
                is_fault=True,
            )
        )
    return found


def _age_strip(cluster: ClusterRow, now: datetime) -> Strip | None:
    """Return the sentence on the age of what is shown; None when it is fresh."""
    fresh = cluster.freshness
    error = f" {_sentence(fresh.last_error)}" if fresh.last_error else ""
    if fresh.as_of is None:
        words = f"{cluster.slug} was not read yet; there is nothing to show.{error}"
        return Strip(words, is_fault=bool(error))
    read = (
        f"{cluster.slug} was last read {formatting.age(fresh.as_of, now=now)}; numbers "
        f"are from {formatting.instant(fresh.as_of)}."
    )
    if fresh.paused:
        return Strip(f"Polling is paused. {read}")
    if fresh.gap_since:
        read += (
            " The time since then is recorded as a gap: who came and went in it is "
            "not known."
        )
    if fresh.stale or error or fresh.gap_since:
        return Strip(f"{read}{error}{_retry(fresh.retry_at, now)}")
    return None


def _retry(retry_at: datetime | None, now: datetime) -> str:
    if retry_at is None or retry_at <= now:
        return ""
    return f" The next attempt is {formatting.age(retry_at, now=now)}."


def _sentence(words: str) -> str:
    """Return an error as a sentence: with a full stop."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def lamp_of(cluster: ClusterRow) -> tuple[str, str]:
    """Return the state of a cluster's mirror: a class of the lamp, and its words."""
    fresh = cluster.freshness
    if fresh.as_of is None:
        return "never", "not read yet"
    if fresh.paused:
        return "paused", "paused"
    return ("stale", "stale") if fresh.stale else ("fresh", "up to date")


def _crumbs(cluster: ClusterRow, crumbs: tuple[Crumb, ...]) -> tuple[Crumb, ...]:
    if not crumbs:
        return ()
    return (
        Crumb("All clusters", reverse("fleet")),
        Crumb(cluster.slug, path_to("cluster", cluster.slug)),
        *crumbs,
    )


def _sections(
    cluster: ClusterRow, current: str, *, is_past: bool
) -> tuple[Section, ...]:
    return tuple(
        Section(words, path_to(route, cluster.slug), key == current)
        for key, words, route in SECTIONS
    ) + (_findings(cluster, is_past=is_past),)


def _findings(cluster: ClusterRow, *, is_past: bool) -> Section:
    """Return the way to what looks wrong in the cluster, and how much is open; in past
    mode without a number, which would be that of now."""
    count = 0 if is_past else cluster.findings
    return Section("Findings", findings_path(cluster), is_current=False, count=count)


def _api_path(api: str) -> str:
    """Return the path of a twin; what stands behind "?" is encoded already."""
    if not api:
        return ""
    path, mark, query = api.partition("?")
    return f"{get_script_prefix()}api/v1/{quote(path, safe='/:')}{mark}{query}"


def _curl(visit: Visit, api_path: str) -> str:
    if not api_path:
        return ""
    url = visit.request.build_absolute_uri(api_path)
    return f'curl -H "Authorization: Bearer $IPAMWEB_TOKEN" {shlex.quote(url)}'
