"""What is done to users: made, given another role, switched off and on. For admins.

Each act is one transaction with one audit entry. Raises Refused, with a sentence for a
person. Who is switched off loses all tokens, and all sessions at once and for good.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ipamweb.access import audit
from ipamweb.access.models import Identity, User
from ipamweb.access.teams import Refused
from ipamweb.mirror.queries.paging import Order, Page, Window, read_page

ROLES = ("viewer", "auditor", "admin")
BY_NAME = Order("people.name", ("username",))


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user; `role` is one of ROLES, teams aside. `from_group`: a group of the
    provider gives it. `by_provider`: signs in there."""

    id: int
    username: str
    role: str
    is_active: bool
    last_login: datetime | None
    from_group: bool
    by_provider: bool


def listed(*, window: Window) -> Page[UserRow]:
    """Return a page of all users by name. One query."""
    return read_page(
        _users(),
        order=BY_NAME,
        window=window,
        build=lambda found: [_row(user) for user in found],
    )


def found(username: str) -> User | None:
    """Return the user of a name. One query."""
    return _users().filter(username=username).first()


def row(user: User) -> UserRow:
    """Return what is shown of a user that was found. No query."""
    return _row(user)


def create(username: str, *, password: str, role: str, by: User | None) -> User:
    """Make a user who signs in by a password."""
    # In the spelling that the door makes of what is typed there.
    name = User.normalize_username(username.strip())
    user = User(username=name, **flags(role))
    with transaction.atomic():
        if User.objects.filter(username=user.username).exists():
            raise Refused(f"There is a user {user.username} already.")
        try:
            User.username_validator(user.username)
            user.clean_fields(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from None
        user.set_password(password)
        _insert(user)
        _record("user.create", user, by=by, after={"role": role})
    return user


def _insert(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        # Somebody else made it since it was looked for.
        raise Refused(f"There is a user {user.username} already.") from None


def set_role(user_id: int, role: str, *, by: User | None) -> None:
    with transaction.atomic():
        user = _found(user_id)
        if user.role_by_hand and _comes_by_provider(user):
            raise Refused(
                f"The role of {user.username} comes from a group of the provider:"
                " change it there."
            )
        before = role_of(user)
        if role == before:
            raise Refused(f"{user.username} is {role} already.")
        for name, value in flags(role).items():
            setattr(user, name, value)
        user.role_by_hand = ""
        user.save(update_fields=["role_by_hand", *flags(role)])
        if before == "admin":
            _keep_an_admin()
        after = {"role": role}
        _record("user.role", user, by=by, before={"role": before}, after=after)


def switch_off(user_id: int, *, by: User | None) -> None:
    """Take a user's tokens, sessions and sign-in; memberships stay."""
    with transaction.atomic():
        user = _found(user_id)
        if not user.is_active:
            raise Refused(f"{user.username} is switched off already.")
        number, _ = user.tokens.all().delete()
        User.objects.filter(pk=user.pk).update(
            is_active=False, session_epoch=F("session_epoch") + 1
        )
        if user.is_superuser:
            _keep_an_admin()
        before = {"active": True, "tokens": number}
        after = {"active": False, "tokens": 0}
        _record("user.switch-off", user, by=by, before=before, after=after)


def switch_on(user_id: int, *, by: User | None) -> None:
    with transaction.atomic():
        user = _found(user_id)
        if user.is_active:
            raise Refused(f"{user.username} is switched on already.")
        User.objects.filter(pk=user.pk).update(is_active=True)
        change = {"before": {"active": False}, "after": {"active": True}}
        _record("user.switch-on", user, by=by, **change)


def _found(user_id: int) -> User:
    """Return a user, locked together with all admins: two acts at once cannot each
    leave the other's admin as the last one."""
    both = Q(pk=user_id) | Q(is_superuser=True)
    locked = list(User.objects.select_for_update().filter(both).order_by("pk"))
    for user in locked:
        if user.pk == user_id:
            return user
    raise Refused("There is no such user any more.")


def _comes_by_provider(user: User) -> bool:
    """Say whether the provider that is set knows a user, and may say the role anew."""
    issuer = settings.IPAMWEB_OIDC_ISSUER
    return bool(issuer) and user.identities.filter(issuer=issuer).exists()


def _keep_an_admin() -> None:
    if not User.objects.filter(is_superuser=True, is_active=True).exists():
        raise Refused("This is the last admin; make another one first.")


def flags(role: str) -> dict[str, bool]:
    """Return the columns of a role. Raises Refused where there is none."""
    if role not in ROLES:
        raise Refused(f"{role[:60]!r} is no role; roles are {', '.join(ROLES)}.")
    is_admin = role == "admin"
    return {
        "is_superuser": is_admin,
        "is_staff": is_admin,
        "is_auditor": role == "auditor",
    }


def role_of(user: User) -> str:
    """Return the role of a user, teams aside. No query."""
    if user.is_superuser:
        return "admin"
    return "auditor" if user.is_auditor else "viewer"


def _users() -> QuerySet[User, User]:
    of_user = Identity.objects.filter(user=OuterRef("pk"))
    return User.objects.annotate(by_provider=Exists(of_user))


def _row(user: User) -> UserRow:
    return UserRow(
        id=user.pk,
        username=user.username,
        role=role_of(user),
        is_active=user.is_active,
        last_login=user.last_login,
        from_group=bool(user.role_by_hand),
        by_provider=getattr(user, "by_provider", False),
    )


def _record(act: str, user: User, *, by: User | None, **facts: Any) -> None:
    audit.record(act, by=by, subject=f"user {user.username}", **facts)
