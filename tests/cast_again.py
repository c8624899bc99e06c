"""The rows of the cast, kept: inserted one by one once, and then table by table.

One by one they take a hundred statements, in each of two thousand tests.
"""

from collections.abc import Callable

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from ipamweb.access.models import Ownership, Team

_kept: dict[type[Model], list[Model]] = {}


def insert(one_by_one: Callable[[], None]) -> None:
    """Insert the rows that a function inserts into empty tables."""
    tables = models()
    if any(model._base_manager.exists() for model in tables):
        one_by_one()
        return
    with transaction.atomic():
        if _kept:
            for model, rows in _kept.items():
                model._base_manager.bulk_create(rows)
            return
        one_by_one()
    rows = {model: list(model._base_manager.order_by("pk")) for model in tables}
    _kept.update({model: kept for model, kept in rows.items() if kept})


def models() -> list[type[Model]]:
    parts = ("mirror", "findings", "events")
    own = [each for part in parts for each in apps.get_app_config(part).get_models()]
    return [*own, Team, Ownership]
