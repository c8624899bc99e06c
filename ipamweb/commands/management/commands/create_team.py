"""A team with members and what it owns, or more of these for one that is there."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from ipamweb.access import teams
from ipamweb.access.models import Team
from ipamweb.commands import arguments
from ipamweb.commands.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Make a team, or add members and namespaces to one. All of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("team", help="letters, digits, '-' and '_'")
        parser.add_argument("--title", default="", help="its name in words")
        for role in ("member", "admin"):
            parser.add_argument(
                f"--{role}", action="append", default=[], metavar="USER"
            )
        parser.add_argument(
            "--owns", action="append", default=[], metavar="NAMESPACE|KEY=VALUE,…",
            help="a namespace, or those with all these labels; several times",
        )  # fmt: skip
        parser.add_argument("--cluster", default="", help="owns there; default: in all")

    def handle(self, *args: Any, **options: Any) -> None:
        with arguments.told_in_one_line(), transaction.atomic():
            team = Team.objects.filter(slug=options["team"]).first()
            team = team or teams.create(options["team"], name=options["title"], by=None)
            for role in ("member", "admin"):
                for name in options[role]:
                    teams.put_member(team, name, is_admin=role == "admin", by=None)
            for what in options["owns"]:
                rule = {"labels" if "=" in what else "namespace": what}
                teams.add_rule(team, cluster=options["cluster"], by=None, **rule)
        self.stdout.write(f"{team} is there")
