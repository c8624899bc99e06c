"""Another way to reach a cluster that is mirrored already."""

from argparse import ArgumentParser
from typing import Any

from ipamweb.commands import arguments, registration
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Change how a cluster is reached. What is mirrored stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        arguments.add_way(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            way = arguments.read_way(options)
            registration.change(options["name"], way=way, say=self.stdout.write)
