"""Text tables that commands print."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps

from ipamweb.access.models import ClusterConnection
from ipamweb.commands.arguments import printable
from ipamweb.mirror.queries import clusters as queries
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING

HEAD = ("NAME", "STATE", "SYSTEM", "NODES", "PODS", "ALLOCATIONS", "AS OF")


def clusters(*, now: datetime) -> list[str]:
    """Return a line for each cluster under a head, columns aligned."""
    mirrored = {row.slug: row for row in queries.every(scope=EVERYTHING, now=now)}
    rows: list[tuple[str, ...]] = [HEAD]
    for connection in ClusterConnection.objects.order_by("slug"):
        row = mirrored.get(connection.slug)
        rows.append(_line(row) if row else _never_mirrored(connection))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _line(row: ClusterRow) -> tuple[str, ...]:
    as_of = row.freshness.as_of
    return (
        row.slug,
        _state(row),
        "/".join(filter(None, ["+".join(row.systems), row.mode])) or "-",
        str(row.nodes),
        str(row.pods),
        str(row.allocations),
        f"{as_of:%Y-%m-%dT%H:%M:%SZ}" if as_of else "never",
    )


def _state(row: ClusterRow) -> str:
    if row.freshness.paused:
        return "paused"
    if row.held_release:
        return "release held back"
    if row.freshness.last_error:
        return printable(row.freshness.last_error_kind)
    return "stale" if row.freshness.stale else "ok"


def _never_mirrored(connection: ClusterConnection) -> tuple[str, ...]:
    state = "paused" if connection.paused else "not polled yet"
    return (connection.slug, state, "-", "-", "-", "-", "never")


def row_counts() -> Iterator[tuple[str, int]]:
    """Yield the tables that grow by themselves with their number of rows."""
    for app in ("mirror", "usage"):
        for model in apps.get_app_config(app).get_models():
            yield str(model._meta.verbose_name_plural), model._default_manager.count()
