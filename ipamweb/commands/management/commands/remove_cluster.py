"""A cluster with all of its history goes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ipamweb.access import connections
from ipamweb.commands import arguments, registration
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Remove a cluster and everything mirrored of it, history included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        with arguments.told_in_one_line():
            connections.find(name)
        if not options["yes"] and not self._is_confirmed(name):
            raise CommandError(f"{name} stays: it was not confirmed (see --yes)")
        with arguments.told_in_one_line():
            registration.remove(name)
        self.stdout.write(f"removed {name}")

    def _is_confirmed(self, name: str) -> bool:
        try:
            answer = input(f"Remove {name} with all of its history? Type its name: ")
        except EOFError:
            return False
        return answer.strip() == name
