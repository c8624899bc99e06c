"""The credentials of clusters and the secrets of webhooks get the newest key."""

from typing import Any

from ipamweb.access import credentials
from ipamweb.commands import arguments
from ipamweb.commands.audited import AuditedCommand
from ipamweb.events import seals


class Command(AuditedCommand):
    help = "Encrypt what is stored sealed with the first of IPAMWEB_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            count = credentials.rotate()
            secrets = seals.rotate()
        self.stdout.write(f"credentials encrypted anew: {count}")
        self.stdout.write(f"secrets of webhooks encrypted anew: {secrets}")
