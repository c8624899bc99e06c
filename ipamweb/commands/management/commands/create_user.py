"""A user in a role, with a password that is printed once."""

import secrets
from argparse import ArgumentParser
from typing import Any

from ipamweb.access import people
from ipamweb.commands import arguments
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Make a user, and print a first password. It is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")
        parser.add_argument("--role", choices=people.ROLES, default="viewer")

    def handle(self, *args: Any, **options: Any) -> None:
        password = secrets.token_urlsafe(12)
        with arguments.told_in_one_line():
            people.create(
                options["user"], password=password, role=options["role"], by=None
            )
        self.stdout.write(password)
