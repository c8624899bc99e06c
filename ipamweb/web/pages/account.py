"""A user's own page: the password, their teams, views and tokens (never a secret that
was shown before)."""

from dataclasses import dataclass

from django.contrib.auth.forms import PasswordChangeForm

from ipamweb.access.team_rows import TeamRow
from ipamweb.access.tokens import TokenRow
from ipamweb.access.view_rows import ViewRow
from ipamweb.web.shell import Shell

# How long a token may live, in days; the first is what is proposed.
LIFETIMES = {
    "90": "90 days", "7": "7 days", "30": "30 days", "365": "a year",
    "never": "until it is revoked",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`new_token` is set once, in the answer to the form that made it. `form` None:
    there is no password to change, and `no_password` says why."""

    shell: Shell
    username: str
    form: PasswordChangeForm | None
    no_password: str
    was_changed: bool
    was_revoked: bool
    tokens: tuple[TokenRow, ...]
    new_token: str
    lifetimes: tuple[tuple[str, str], ...]
    teams: tuple[TeamRow, ...]
    views: tuple[ViewRow, ...]
    is_admin: bool
