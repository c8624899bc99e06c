"""A user's own page: change the password, make and revoke tokens.

A token is shown in the answer to the form that made it, and nowhere again.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ipamweb.access import audit, team_rows, tokens, view_rows
from ipamweb.access.models import User
from ipamweb.mirror.queries.paging import Window
from ipamweb.web.pages.account import LIFETIMES, AccountPage
from ipamweb.web.rendering import reads_and_acts, refuse, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit

MOST_TEAMS = Window(limit=50)
LONGEST_NAME = 100


@sensitive_post_parameters()
@reads_and_acts
def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    act = request.POST.get("act", "password") if request.method == "POST" else ""
    if act == "token":
        return _make_token(request, user)
    if act == "revoke":
        return _revoke_token(request, user)
    if act and _no_password(user):
        raise PermissionDenied
    form = PasswordChangeForm(user, request.POST or None)
    if act and form.is_valid():
        with transaction.atomic():
            update_session_auth_hash(request, form.save())
            audit.record(
                "password.change", by=user, subject=f"user {user.get_username()}"
            )
        return HttpResponseRedirect(f"{reverse('account')}?changed=1")
    return _page(request, user, form=form)


def _make_token(request: HttpRequest, user: User) -> HttpResponse:
    name = request.POST.get("name", "").strip()
    days = request.POST.get("days", "")
    if days not in LIFETIMES or len(name) > LONGEST_NAME:
        words = f"A token has a name of at most {LONGEST_NAME} letters and an expiry."
        return refuse(request, 400, heading="This cannot be made", words=words)
    now = visit(request).now
    text = tokens.create(
        user,
        now=now,
        by=user,
        name=name,
        expires_at=None if days == "never" else now + timedelta(days=int(days)),
        may_write=request.POST.get("may_write") == "1",
    )
    response = _page(request, user, new_token=text)
    response["Cache-Control"] = "no-store"
    return response


def _revoke_token(request: HttpRequest, user: User) -> HttpResponse:
    """Revoking what is not there any more has the wanted end: no error."""
    tokens.revoke(user, request.POST.get("key", ""), by=user)
    return HttpResponseRedirect(f"{reverse('account')}?revoked=1#tokens")


def _no_password(user: User) -> str:
    """Return why a user has no password to change here; "" where there is one."""
    if not settings.IPAMWEB_PASSWORDS:
        return f"You sign in with {settings.IPAMWEB_OIDC_NAME}; no passwords are taken."
    if not user.has_usable_password():
        return f"You sign in with {settings.IPAMWEB_OIDC_NAME}, and have none here."
    return ""


def _page(
    request: HttpRequest,
    user: User,
    *,
    form: PasswordChangeForm | None = None,
    new_token: str = "",
) -> HttpResponse:
    here = visit(request)
    no_password = _no_password(user)
    page = AccountPage(
        shell=plain_shell(here, "Your account"),
        username=user.get_username(),
        form=None if no_password else form or PasswordChangeForm(user),
        no_password=no_password,
        was_changed="changed" in request.GET,
        was_revoked="revoked" in request.GET,
        tokens=tokens.of_user(user, now=here.now),
        new_token=new_token,
        lifetimes=tuple(LIFETIMES.items()),
        teams=team_rows.of_member(user, window=MOST_TEAMS).rows,
        views=view_rows.own(user),
        is_admin=user.is_superuser,
    )
    return show(request, "account.html", page)
