"""A mass release that was held back is confirmed."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from ipamweb.access import audit
from ipamweb.commands import arguments
from ipamweb.commands.audited import AuditedCommand
from ipamweb.mirror.models import Cluster
from ipamweb.sync import acts


class Command(AuditedCommand):
    help = "Confirm the mass release of a cluster that is held back as implausible."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            count = self._accept(arguments.mirrored(options["name"]))
        self.stdout.write(
            f"the next poll of {options['name']} may end {count} allocations"
        )

    def _accept(self, cluster: Cluster) -> int:
        with transaction.atomic():
            count = acts.accept_release(cluster)
            audit.record(
                "release.accept",
                by=None,
                subject=f"cluster {cluster.slug}",
                after={"allocations": count},
            )
        return count
