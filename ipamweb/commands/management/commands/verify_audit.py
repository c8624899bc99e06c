"""The audit log is walked from its first entry to its last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ipamweb.access import audit


class Command(BaseCommand):
    help = "Check the chain of the audit log; name the first entry that is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = audit.verify()
        if verdict.broken:
            raise CommandError(f"{verdict.broken}; whole before it: {verdict.count}")
        self.stdout.write(f"entries: {verdict.count}; none was changed")
        self.stdout.write(f"the hash of the last: {verdict.last_hash or 'none'}")
