"""The polls and the other jobs of embedded mode, without the pages."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from ipamweb.commands.scheduler import Scheduler


class Command(BaseCommand):
    help = "Poll all clusters, and do the other jobs, until stopped. Part of `up`."

    def handle(self, *args: Any, **options: Any) -> None:
        scheduler = Scheduler()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: scheduler.stopping.set())
        scheduler.run()
