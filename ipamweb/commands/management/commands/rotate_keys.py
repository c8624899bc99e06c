"""The credentials of clusters are encrypted with the newest key."""

from typing import Any

from ipamweb.access import credentials
from ipamweb.commands import arguments
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Encrypt the stored credentials with the first of IPAMWEB_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line():
            count = credentials.rotate()
        self.stdout.write(f"credentials encrypted anew: {count}")
