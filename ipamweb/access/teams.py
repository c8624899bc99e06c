"""What is done to teams: made, removed, their members, and the rules by which they own.

Each act is one transaction with one audit entry. Raises Refused, with a sentence for a
person, where what is asked cannot be. Whether a user may ask it: `may_manage`, and
for all else than members only admins. Reading: team_rows.py.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction

from ipamweb.access import audit
from ipamweb.access.models import Membership, Ownership, Team, User

LONGEST_NAME = 63
LONGEST_GROUP = 200
# A label's key and value as Kubernetes limits them, with the prefix of the key.
LONGEST_KEY, LONGEST_VALUE = 317, 63


class Refused(ValueError):
    """An act that cannot be done, as one sentence for a person."""


def may_manage(user: User, team: Team) -> bool:
    """Say whether a user manages the members of a team. One query, none for admins."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    return team.memberships.filter(user=user, is_admin=True).exists()


def create(slug: str, *, name: str = "", group: str = "", by: User | None) -> Team:
    slug, name, group = slug.strip(), name.strip(), _checked_group(group)
    try:
        validate_slug(slug)
    except ValidationError:
        raise Refused(
            f"{slug!r} is no name for an address: give letters, digits, '-' and '_'."
        ) from None
    if len(slug) > LONGEST_NAME or len(name) > 100:
        raise Refused(f"{slug[:20]}… is too long: give at most {LONGEST_NAME} letters.")
    with transaction.atomic():
        made = _inserted(Team(slug=slug, name=name or slug, group=group))
        after = {"name": made.name, "group": group} if group else {"name": made.name}
        _record("team.create", made, by=by, after=after)
    return made


def _inserted(team: Team) -> Team:
    """Write a new team; not looked for first, for who is quicker with its name."""
    try:
        with transaction.atomic():
            team.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"There is a team {team.slug} already.") from None
    return team


def remove(team: Team, *, by: User | None) -> None:
    """Remove a team with its rules and memberships; its users stay."""
    with transaction.atomic():
        team = _locked(team)
        members = list(team.memberships.order_by("user__username"))
        before = {
            "name": team.name,
            "group": team.group,
            "members": [str(each.user) for each in members],
            "owns": [words_of(rule) for rule in team.ownerships.order_by("id")],
        }
        _record("team.remove", team, by=by, before=before)
        team.delete()


def set_group(team: Team, group: str, *, by: User | None) -> None:
    """Let who is in a group of the provider be in a team; "" nobody any more.

    Who is in it by the group of before is out at once; who is in the new one comes in
    at their next sign-in.
    """
    group = _checked_group(group)
    with transaction.atomic():
        # Locked: who signs in meanwhile has joined already, or waits.
        before = _locked(team).group
        if group == before:
            raise Refused(f"{team.slug} has {_group_words(group)} already.")
        left = team.memberships.filter(from_group=True)
        names = list(left.order_by("user__username").values_list("user__username"))
        left.delete()
        team.group = group
        team.save(update_fields=["group"])
        _record(
            "team.group",
            team,
            by=by,
            before={"group": before, "members": [name for (name,) in names]},
            after={"group": group, "members": []},
        )


def put_member(
    team: Team, username: str, *, is_admin: bool = False, by: User | None
) -> None:
    """Let a user be in a team, or be there in another role."""
    with transaction.atomic():
        # Locked before the team, as a sign-in by the provider does.
        named = User.objects.filter(username=username.strip())
        user = named.select_for_update(no_key=True).first()
        if user is None:
            raise Refused(f"There is no user {username.strip()[:60]!r}.")
        team = _locked(team)
        was = team.memberships.filter(user=user).first()
        role = _role(is_admin)
        if was is None:
            Membership.objects.create(team=team, user=user, is_admin=is_admin)
            after = {"user": user.username, "role": role}
            _record("team.member.add", team, by=by, after=after)
        elif was.is_admin != is_admin:
            before = {"user": user.username, "role": _role(was.is_admin)}
            was.is_admin = is_admin
            was.save()
            after = {"user": user.username, "role": role}
            _record("team.member.change", team, by=by, before=before, after=after)
        else:
            raise Refused(f"{user.username} is in {team.slug} already, as {role}.")


def take_member(team: Team, username: str, *, by: User | None) -> None:
    with transaction.atomic():
        team = _locked(team)
        found = team.memberships.filter(user__username=username)
        was = found.select_related("user").first()
        if was is None:
            raise Refused(f"{username[:60]!r} is not in {team.slug}.")
        if was.from_group:
            raise Refused(
                f"{username[:60]} is in {team.slug} by the group {team.group!r} of the"
                " provider: take them out there."
            )
        before = {"user": was.user.username, "role": _role(was.is_admin)}
        was.delete()
        _record("team.member.remove", team, by=by, before=before)


def add_rule(
    team: Team,
    *,
    cluster: str = "",
    namespace: str = "",
    labels: str = "",
    by: User | None,
) -> Ownership:
    """Let a team own namespaces from now on: a name, or `key=value` with commas."""
    cluster, namespace, wanted = cluster.strip(), namespace.strip(), _labels(labels)
    if bool(namespace) == bool(wanted):
        raise Refused("Give the name of a namespace, or labels; one of the two.")
    if max(len(cluster), len(namespace)) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} letters.")
    rule = Ownership(team=team, cluster=cluster, namespace=namespace, labels=wanted)
    with transaction.atomic():
        team = _locked(team)
        like_it = team.ownerships.filter(
            cluster=cluster, namespace=namespace, labels=wanted
        )
        if like_it.exists():
            raise Refused(f"{team.slug} owns {words_of(rule)} already.")
        rule.save()
        _record("team.rule.add", team, by=by, after={"owns": words_of(rule)})
    return rule


def remove_rule(team: Team, number: int, *, by: User | None) -> None:
    with transaction.atomic():
        team = _locked(team)
        rule = team.ownerships.filter(pk=number).first()
        if rule is None:
            raise Refused(f"{team.slug} has no such rule any more.")
        _record("team.rule.remove", team, by=by, before={"owns": words_of(rule)})
        rule.delete()


def _locked(team: Team) -> Team:
    """Return a team as it is until the act is done: none is done twice at once."""
    found = Team.objects.select_for_update().filter(pk=team.pk).first()
    if found is None:
        raise Refused(f"There is no team {team.slug} any more.")
    return found


def words_of(rule: Ownership) -> str:
    """Return a rule in words: "namespace shop in prod-eu"."""
    where = f"in {rule.cluster}" if rule.cluster else "in every cluster"
    if rule.namespace:
        return f"namespace {rule.namespace} {where}"
    labels = ", ".join(f"{key}={value}" for key, value in sorted(rule.labels.items()))
    return f"namespaces labelled {labels} {where}"


def _labels(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not key or not equals or value.startswith("="):
            raise Refused(f"{part[:60]!r} is no label: write key=value.")
        if len(key) > LONGEST_KEY or len(value) > LONGEST_VALUE:
            raise Refused(f"{part[:60]!r} is longer than a label can be.")
        if found.setdefault(key, value) != value:
            raise Refused(f"Nothing carries two values of the label {key[:60]!r}.")
    return found


def _checked_group(text: str) -> str:
    if len(text.strip()) > LONGEST_GROUP:
        raise Refused(f"The name of a group has at most {LONGEST_GROUP} letters.")
    return text.strip()


def _group_words(group: str) -> str:
    return f"the group {group!r}" if group else "no group"


def _role(is_admin: bool) -> str:
    return "team admin" if is_admin else "viewer"


def _record(act: str, team: Team, *, by: User | None, **facts: Any) -> None:
    audit.record(act, by=by, subject=f"team {team.slug}", **facts)
