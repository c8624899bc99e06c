"""Embedded mode: pages and polls by one command."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ipamweb.cluster.errors import ClusterError
from ipamweb.commands import embedded
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Serve pages and poll clusters, in one command, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="a made-up cluster")
        parser.add_argument("--kubeconfig", default="", help="also mirror this cluster")
        parser.add_argument("--context", default="", help="not its current context")
        parser.add_argument("--name", default="", help="else its context's")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        names = embedded.Wishes.__slots__
        wishes = embedded.Wishes(**{name: options[name] for name in names})
        try:
            code = embedded.serve(wishes, say=self.stdout.write)
        except (ClusterError, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        if code:
            raise SystemExit(code)
