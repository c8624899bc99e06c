"""The clusters, one a line."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from ipamweb.commands import tables


class Command(BaseCommand):
    help = "List the clusters, how fresh each is, and what is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in tables.clusters(now=datetime.now(UTC)):
            self.stdout.write(line)
