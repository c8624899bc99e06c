"""manage.py simulate: a simulated API server, alone, until Ctrl-C."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ipamweb.simulator.demo import DEMO, LIVE_CHURN
from ipamweb.simulator.scenario import DEFAULT_SYSTEM, Scenario
from ipamweb.simulator.server import Serving, serve


class Command(BaseCommand):
    help = "Serve a simulated Kubernetes API until Ctrl-C; kubectl can use it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--nodes", type=int, default=10)
        add("--pods-per-node", type=int, default=20)
        add("--system", default=DEFAULT_SYSTEM)
        add("--dual-stack", action="store_true", help="IPv4 and IPv6")
        add("--churn", type=float, default=0.0, help="pod changes a second")
        add("--port", type=int, default=0, help="0 takes a free one")
        add("--kubeconfig-out", type=Path, help="write a kubeconfig there")
        add("--demo", action="store_true", help="the demo's cluster")
        add("--start", default="", help="when it began to live (ISO 8601); default now")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("nodes", "pods_per_node", "system", "dual_stack")
        demo, port, start = options["demo"], options["port"], options["start"]
        churn = options["churn"] or (LIVE_CHURN if demo else 0)
        try:
            wanted = Scenario(**{name: options[name] for name in names})
            serving = Serving(port, churn, start, options["kubeconfig_out"])
            serve(DEMO if demo else wanted, serving, tell=self.stdout.write)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
