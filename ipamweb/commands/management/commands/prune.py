"""Retention, applied now."""

from typing import Any

from django.core.management.base import BaseCommand

from ipamweb.commands import tables
from ipamweb.exports import tasks
from ipamweb.sync import prune
from ipamweb.usage import retention


class Command(BaseCommand):
    help = "Delete what is older than retention, and say what the database holds."

    def handle(self, *args: Any, **options: Any) -> None:
        pruned = {**prune.prune(), **retention.apply(), **tasks.forget()}
        for name, count in pruned.items():
            self.stdout.write(f"deleted {name.replace('_', ' ')}: {count}")
        for name, count in tables.row_counts():
            self.stdout.write(f"rows of {name}: {count}")
        self.stdout.write(f"bytes of the database: {prune.size_in_bytes()}")
