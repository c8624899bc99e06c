"""A cluster is left alone for a while."""

from argparse import ArgumentParser
from typing import Any

from ipamweb.commands import arguments, registration
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Stop polling a cluster; what is mirrored stays, and grows old."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            registration.set_paused(options["name"], paused=True)
        self.stdout.write(f"paused {options['name']}")
