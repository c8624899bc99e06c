"""What stands in each column of a namespace."""

from datetime import datetime

from django.utils.html import format_html

from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.web import cells
from ipamweb.web.cells import Cell
from ipamweb.web.pages.tables import Cells
from ipamweb.web.paths import path_to


def table_cells(cluster: str) -> Cells[NamespaceRow]:
    return {
        "namespace": lambda each, _: cells.link(
            path_to("namespace", cluster, each.name), each.name
        ),
        "pods": lambda each, _: cells.number(each.pods),
        "held_v4": lambda each, _: cells.number(dict(each.allocated).get(4, 0)),
        "held_v6": lambda each, _: cells.number(dict(each.allocated).get(6, 0)),
        "labels": _labels,
        "first_seen": lambda each, now: cells.ago(each.first_seen, now),
    }


def _labels(each: NamespaceRow, _: datetime) -> Cell:
    texts = (f"{name}={value}" for name, value in each.labels)
    return cells.lines(
        (format_html("<code>{}</code>", text) for text in texts), "words"
    )
