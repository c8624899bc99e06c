"""What a node holds, as `cilium-dbg status --all-addresses` says it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ipamweb.commands import arguments
from ipamweb.mirror.queries import status
from ipamweb.mirror.scope import EVERYTHING


class Command(BaseCommand):
    help = "Print what is allocated on the nodes of a cluster, from the mirror."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--node", default="", help="one node; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            cluster = arguments.mirrored(options["name"])
            lines = status.lines(cluster.pk, node=options["node"], scope=EVERYTHING)
        for line in lines:
            self.stdout.write(arguments.printable(line))
