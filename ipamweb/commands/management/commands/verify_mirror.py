"""Everything is counted again, and every invariant looked at."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ipamweb.commands import arguments
from ipamweb.mirror.models import Cluster
from ipamweb.sync import verify


class Command(BaseCommand):
    help = "Re-count the counters and check the invariants; one line for each fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="one cluster; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        clusters = list(Cluster.objects.order_by("slug"))
        if options["name"]:
            with arguments.told_in_one_line():
                clusters = [arguments.mirrored(options["name"])]
        count = 0
        for cluster in clusters:
            faults = verify.faults(cluster)
            count += len(faults)
            for fault in faults:
                self.stdout.write(arguments.printable(f"{cluster.slug}: {fault}"))
            if not faults:
                self.stdout.write(f"{cluster.slug}: no fault")
        if count:
            raise CommandError(f"faults: {count}")
