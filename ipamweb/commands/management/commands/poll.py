"""One poll of one cluster, now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ipamweb.access import connections
from ipamweb.commands import arguments
from ipamweb.sync import poll


class Command(BaseCommand):
    help = "Poll a cluster once, and print what was done as one line of JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--complete", action="store_true", help="list everything")

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            connection = connections.find(options["name"])
        result = poll.poll(connection, complete=options["complete"])
        if result.outcome != "ok":
            raise CommandError(arguments.printable(result.error))
        self.stdout.write(json.dumps(result.as_json()))
