"""A whole list as a file, with the columns of the REST export."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ipamweb.commands import exporting
from ipamweb.commands.arguments import instant, told_in_one_line
from ipamweb.exports.columns import WHATS
from ipamweb.exports.wishes import FORMATS, Wish


class Command(BaseCommand):
    help = "Write a whole list as a file: it is there only when it is whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=WHATS)
        parser.add_argument("--cluster", default="", help="default: all")
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument("--at", type=instant, help="2026-11-22T14:03:22Z")
        parser.add_argument("--raw", action="store_true", help="CSV for machines")
        parser.add_argument("--out", default="", help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("what", "format", "raw", "cluster", "at")
        wish = Wish(
            **{name: options[name] for name in names},
            asked={n: str(options[n]) for n in ("cluster", "at") if options[n]},
        )
        if wish.at and wish.what in ("usage", "audit"):
            raise CommandError(f"{wish.what} have no --at")
        with told_in_one_line():
            rows = exporting.export(wish, out=options["out"], now=timezone.now())
        if options["out"]:
            self.stdout.write(f"{rows} rows in {options['out']}")
