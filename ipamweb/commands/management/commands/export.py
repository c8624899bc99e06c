"""A whole list as a file, with the columns and the filters of the REST export."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ipamweb.commands import exporting
from ipamweb.commands.arguments import told_in_one_line
from ipamweb.exports.columns import WHATS
from ipamweb.exports.wishes import FORMATS


class Command(BaseCommand):
    help = "Write a whole list as a file: it is there only when it is whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=WHATS)
        parser.add_argument("--cluster", help="default: all")
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument("--at", help="2026-11-22T14:03:22Z")
        parser.add_argument(
            "--filter", action="append", default=[], help="namespace=shop; repeatable"
        )
        parser.add_argument("--fields", help="only these, with commas between")
        parser.add_argument("--view", help="a saved view that --user may open")
        parser.add_argument("--user", help="whose --view, by the name they open it by")
        parser.add_argument("--raw", action="store_true", help="CSV for machines")
        parser.add_argument("--out", default="", help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        with told_in_one_line():
            now = timezone.now()
            wish = exporting.wish(options, now=now)
            rows = exporting.export(wish, out=options["out"], now=now)
        if options["out"]:
            self.stdout.write(f"{rows} rows in {options['out']}")
