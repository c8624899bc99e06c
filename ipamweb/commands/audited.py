"""A command that changes something: what it does is in the audit log under its name."""

from typing import Any

from django.core.management.base import BaseCommand

from ipamweb.access import audit


class AuditedCommand(BaseCommand):
    """Nobody signed in to run it: the log says which command it was."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        name = type(self).__module__.rpartition(".")[2]
        token = audit.request_origin.set(f"command {name}")
        try:
            return super().execute(*args, **options)
        finally:
            audit.request_origin.reset(token)
