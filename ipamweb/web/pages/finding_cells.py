"""What stands in each column of a finding."""

from datetime import datetime

from django.utils.html import format_html

from ipamweb.web import cells
from ipamweb.web.cells import Cell
from ipamweb.web.pages.findings import FindingLine
from ipamweb.web.pages.tables import Cells
from ipamweb.web.paths import path_to
from ipamweb.web.templatetags import ipam


def table_cells() -> Cells[FindingLine]:
    return {
        "severity": _severity,
        "kind": lambda line, _: cells.link(line.path, line.finding.rule.title, "words"),
        "subject": _subject,
        "cluster": lambda line, _: cells.link(
            path_to("cluster", line.finding.cluster), line.finding.cluster, "nowrap"
        ),
        "message": lambda line, _: Cell(line.finding.message, "words"),
        "state": _state,
        "first_seen": lambda line, now: cells.ago(line.finding.first_seen, now),
        "last_seen": _last_seen,
        "suggestion": lambda line, _: Cell(line.finding.rule.step, "words"),
        "acknowledged": _acknowledged,
    }


# The sign before each severity: that what is grave is not said by colour alone.
SIGNS = {
    "critical": ("▲▲", " badge-fault"),
    "high": ("▲", " badge-warn"),
    "medium": ("△", ""),
}


def _severity(line: FindingLine, _: datetime) -> Cell:
    severity = line.finding.severity
    sign, style = SIGNS.get(severity, ("·", ""))
    badge = '<span class="badge{}"><span aria-hidden="true">{}</span> {}</span>'
    return Cell(format_html(badge, style, sign, severity), "nowrap")


def _subject(line: FindingLine, _: datetime) -> Cell:
    name: object = line.finding.subject
    if line.subject_path:
        name = format_html('<a href="{}">{}</a>', line.subject_path, name)
    return Cell(format_html("{} {}", line.finding.subject_kind, name), "name")


def _state(line: FindingLine, now: datetime) -> Cell:
    state, until = line.finding.state, line.finding.acknowledged_until
    if state != "acknowledged" or until is None:
        return Cell(state, "nowrap")
    return Cell(format_html("{} until {}", state, ipam.at(until, now)), "nowrap")


def _last_seen(line: FindingLine, now: datetime) -> Cell:
    if line.finding.last_seen is None:
        return cells.muted("not kept")
    return cells.ago(line.finding.last_seen, now)


def _acknowledged(line: FindingLine, _: datetime) -> Cell:
    finding = line.finding
    if not finding.acknowledged_by:
        return cells.words("")
    by = '{} <span class="muted">by {}</span>'
    reason, who = finding.acknowledged_reason, finding.acknowledged_by
    return Cell(format_html(by, reason, who), "words")
