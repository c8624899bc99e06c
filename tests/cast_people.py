"""People of the cast who may see less than everything, and what their teams own."""

from typing import Any

from django.utils import timezone

from ipamweb.access.models import Membership, Ownership, SavedView, Team, Token, User
from ipamweb.exports import files, wishes
from ipamweb.exports.models import WAITING, ExportJob
from ipamweb.exports.wishes import Wish
from tests.cast_places import FIRST_AS_OF, at

PASSWORD = "difference-engine-1843"


def viewer(name: str = "victor", **columns: Any) -> User:
    """Insert a user of no team."""
    return User.objects.create_user(name, password=PASSWORD, **columns)


def auditor(name: str = "audrey") -> User:
    return viewer(name, is_auditor=True)


def insert_team() -> None:
    """Insert the team of the cast, which owns kube-system and has no members."""
    owns(team("platform"), "kube-system", cluster="prod-eu")


def insert_view(owner: User) -> SavedView:
    """Insert a view of nodes, as REST and pages open it by its name, `hot`."""
    return SavedView.objects.create(
        id=500,
        owner=owner,
        table="nodes",
        name="hot",
        query={"zone": "eu-b"},
        columns=["name", "slots"],
        sort="-name",
        changed_at=FIRST_AS_OF,
    )


def insert_export(maker: User) -> ExportJob:
    """Insert an export whose file was made in the background."""
    made = ExportJob.objects.create(
        id=600,
        maker=maker,
        what="nodes",
        wish=wishes.kept(Wish("nodes", "ndjson")),
        state=WAITING,
        in_background=True,
        started_at=timezone.now(),
    )
    files.make_waiting()
    made.refresh_from_db()
    return made


def insert_token(owner: User) -> Token:
    """Insert a token that opens nothing: the one of the examples of REST."""
    return Token.objects.create(user=owner, key="0123456789ab", created_at=FIRST_AS_OF)


def team(slug: str = "web", *members: User, admin: User | None = None) -> Team:
    """Insert a team that owns nothing yet."""
    made = Team.objects.create(slug=slug, name=slug.title(), created_at=FIRST_AS_OF)
    for member in members:
        Membership.objects.create(team=made, user=member)
    if admin:
        Membership.objects.create(team=made, user=admin, is_admin=True)
    return made


def owns(team: Team, namespace: str = "", **columns: Any) -> Ownership:
    """Let a team own namespaces since 12:30, when the first `shop` was gone."""
    return Ownership.objects.create(
        **{"team": team, "namespace": namespace, "since": at("12:30:00"), **columns}
    )
