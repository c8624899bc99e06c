"""An API token for a user, printed once."""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError

from ipamweb.access import tokens
from ipamweb.access.models import User
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Print a new API token of a user. It is shown once; only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")
        parser.add_argument("--name", default="", help="what the token is for")
        parser.add_argument("--expires-days", type=int, help="default: never")
        parser.add_argument("--write", action="store_true", help="default: only read")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"there is no active user {options['user']!r}")
        days, now = options["expires_days"], datetime.now(UTC)
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("--expires-days takes a number from 1 to 3650")
        expires_at = None if days is None else now + timedelta(days=days)
        text = tokens.create(
            user,
            now=now,
            name=options["name"],
            expires_at=expires_at,
            may_write=options["write"],
        )
        self.stdout.write(text)
