"""What a sign-in by the provider does here: the user, the role, the memberships.

All of it in one transaction with its audit entries. A user is found by issuer and
subject alone: who has the same name, or the same address of mail, is somebody else.
"""

import itertools
import re
import unicodedata
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.backends import ModelBackend
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from ipamweb.access import audit, people, throttle
from ipamweb.access.models import Identity, Membership, Team, User
from ipamweb.access.oidc_provider import NotSignedIn, Who

BACKEND = "ipamweb.access.oidc_people.OfProvider"
NOT_IN_A_NAME = re.compile(r"[^\w.@+-]+")
LONGEST_NAME = 140
# Counted as a name of the door, so that refusals fill no log without end.
DOOR = "the provider's door"


class OfProvider(ModelBackend):
    """Who was signed in by the provider; no password opens this door."""

    def authenticate(self, request: HttpRequest | None, **given: Any) -> None:  # type: ignore[override]
        return None


def sign_in(request: HttpRequest, who: Who) -> User:
    """Sign in whom the provider vouches for, in the role and teams of their groups.

    Raises NotSignedIn where the user is switched off; nothing is then changed.
    """
    with transaction.atomic():
        user = _found(who) or _made(who)
        if not user.is_active:
            raise NotSignedIn(
                "This user is switched off. An admin can switch it on.",
                reason="the user is switched off",
                subject=f"user {user.username}",
            )
        _give_role(user, who)
        _put_into_teams(user, who)
        login(request, user, backend=BACKEND)
        # An instant, not a length: whatever writes the session later would prolong it.
        hours = timedelta(hours=settings.IPAMWEB_OIDC_SESSION_HOURS)
        request.session.set_expiry(timezone.now() + hours)
    return user


def record_refusal(request: HttpRequest, refusal: NotSignedIn) -> int:
    """Write the audit entry of a refused sign-in. Return 0, or the seconds to wait
    where there were too many of late; then nothing is written."""
    origin = request.META.get("REMOTE_ADDR", "")
    seconds = throttle.seconds_to_wait(DOOR, origin=origin, now=timezone.now())
    if not seconds:
        with transaction.atomic():
            audit.record(
                "sign-in.refused",
                by=None,
                subject=refusal.subject,
                after={"by": "provider", "reason": refusal.reason},
            )
    return seconds


def _found(who: Who) -> User | None:
    identity = Identity.objects.filter(issuer=who.issuer, subject=who.subject).first()
    if identity is None:
        return None
    return User.objects.select_for_update().get(pk=identity.user_id)


def _made(who: Who) -> User:
    """Make a user of a free name. Whoever signs in twice at once is made once."""
    try:
        with transaction.atomic():
            user = User(username=_free_name(who.name))
            user.set_unusable_password()
            user.save()
            Identity.objects.create(user=user, issuer=who.issuer, subject=who.subject)
            audit.record(
                "user.create",
                by=None,
                subject=f"user {user.username}",
                after={
                    "role": "viewer", "issuer": who.issuer, "subject": who.subject,
                },
            )  # fmt: skip
    except IntegrityError:
        found = _found(who)
        if found is None:
            raise
        return found
    return user


def _free_name(wanted: str) -> str:
    """Return a name that nobody has, whatever its capitals: "ada", else "ada-2"."""
    plain = NOT_IN_A_NAME.sub("_", unicodedata.normalize("NFKC", wanted)).strip("_")
    plain = plain[:LONGEST_NAME] or "user"
    like_it = User.objects.filter(username__istartswith=plain)
    taken = {name.casefold() for name in like_it.values_list("username", flat=True)}
    further = (f"{plain}-{number}" for number in itertools.count(2))
    names = itertools.chain([plain], further)
    return next(name for name in names if name.casefold() not in taken)


def _give_role(user: User, who: Who) -> None:
    """Let groups raise the role; where they no more do, the one by hand is back."""
    before = people.role_of(user)
    by_hand = user.role_by_hand or before
    role = max(by_hand, _role_of_groups(who.groups), key=people.ROLES.index)
    kept = by_hand if role != by_hand else ""
    if (role, kept) == (before, user.role_by_hand):
        return
    user.role_by_hand = kept
    for name, value in people.flags(role).items():
        setattr(user, name, value)
    user.save(update_fields=["role_by_hand", *people.flags(role)])
    if role != before:
        audit.record(
            "user.role",
            by=None,
            subject=f"user {user.username}",
            before={"role": before},
            after={"role": role, "by": "groups of the provider"},
        )


def _role_of_groups(groups: frozenset[str]) -> str:
    if groups & set(settings.IPAMWEB_OIDC_ADMIN_GROUPS):
        return "admin"
    if groups & set(settings.IPAMWEB_OIDC_AUDITOR_GROUPS):
        return "auditor"
    return "viewer"


def _put_into_teams(user: User, who: Who) -> None:
    """Join the teams of the groups, and leave those whose group is gone; memberships
    given by hand stay as they are."""
    in_them = {each.team_id: each for each in user.memberships.select_related("team")}
    # Locked, as set_group does: a team that gets another group meanwhile waits.
    meant = Team.objects.select_for_update().filter(group__in=who.groups)
    for team in meant.exclude(group="").order_by("pk"):
        was = in_them.pop(team.pk, None)
        if was is None:
            Membership.objects.create(team=team, user=user, from_group=True)
            after = {"user": user.username, "role": "viewer", "group": team.group}
            _record("team.member.add", team, after=after)
    for was in in_them.values():
        if was.from_group:
            role = "team admin" if was.is_admin else "viewer"
            before = {"user": user.username, "role": role, "group": was.team.group}
            _record("team.member.remove", was.team, before=before)
            was.delete()


def _record(act: str, team: Team, **facts: Any) -> None:
    audit.record(act, by=None, subject=f"team {team.slug}", **facts)
