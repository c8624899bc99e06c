"""A paused cluster is polled again."""

from argparse import ArgumentParser
from typing import Any

from ipamweb.commands import arguments, registration
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Poll a paused cluster again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            registration.set_paused(options["name"], paused=False)
        self.stdout.write(f"resumed {options['name']}")
