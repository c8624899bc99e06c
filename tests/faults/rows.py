"""The rows of one mirrored cluster, so that those of two can be compared.

Primary keys are left out: what points to a row names it instead. So are the
book-keeping of polls (runs, the lease) and what names the cluster.
"""

from typing import Any

from django.db import models

from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    ClusterVersion,
    CoverageGap,
    Cursor,
    Endpoint,
    Namespace,
    NamespaceVersion,
    Node,
    NodeVersion,
    PastAllocation,
    Pod,
    Pool,
    PoolRange,
    Problem,
    Reservation,
)

# How to get from a row to its cluster.
TABLES: dict[type[models.Model], str] = {
    Cluster: "pk",
    ClusterVersion: "cluster",
    Cursor: "cluster",
    Namespace: "cluster",
    NamespaceVersion: "namespace__cluster",
    Node: "cluster",
    NodeVersion: "node__cluster",
    Pod: "cluster",
    Endpoint: "cluster",
    Pool: "cluster",
    PoolRange: "pool__cluster",
    Block: "cluster",
    Reservation: "cluster",
    Allocation: "cluster",
    PastAllocation: "cluster",
    Problem: "cluster",
    CoverageGap: "cluster",
}
# What tells the rows of a table apart that others point to.
NAMES: dict[type[models.Model], tuple[str, ...]] = {
    Cluster: (),
    Namespace: ("uid",),
    Node: ("uid",),
    Pod: ("uid",),
    Pool: ("slug",),
    Block: ("object_uid", "first", "last", "valid_from"),
}
OF_THE_CLUSTER = {"slug", "name", "message"}
Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(cluster: Cluster) -> Rows:
    """Return all rows by table, sorted. A query for each table, and each of NAMES."""
    names = {
        model: {
            pk: tuple(name)
            for pk, *name in model.objects.filter(**{TABLES[model]: cluster.pk})
            .values_list("pk", *fields)
        }
        for model, fields in NAMES.items()
    }  # fmt: skip
    return {
        model.__name__: sorted(_rows(model, path, cluster, names=names), key=repr)
        for model, path in TABLES.items()
    }


def _rows(
    model: type[models.Model], path: str, cluster: Cluster, *, names: dict[Any, Any]
) -> list[tuple[Any, ...]]:
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and not (model in (Cluster, CoverageGap) and field.name in OF_THE_CLUSTER)
    ]
    rows = model.objects.filter(**{path: cluster.pk}).values_list(
        *(field.attname for field in fields)
    )
    return [
        tuple(
            (field.name, _named(field, value, names))
            for field, value in zip(fields, row, strict=True)
        )
        for row in rows
    ]


def _named(field: Any, value: Any, names: dict[Any, Any]) -> Any:
    if value is None or not field.is_relation:
        return value
    return names[field.related_model].get(value, "dangling")


def differences(rows: Rows, expected: Rows) -> list[str]:
    """Return a line for each row that is too many or missing; empty when alike."""
    found = []
    for table in expected:
        here, there = list(map(repr, rows[table])), list(map(repr, expected[table]))
        found += [f"{table} has {row}" for row in here if row not in there]
        found += [f"{table} lacks {row}" for row in there if row not in here]
        if sorted(here) != sorted(there) and not found:
            found.append(f"{table} has {len(here)} rows, not {len(there)}")
    return found
