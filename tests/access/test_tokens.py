"""API tokens: shown once, kept as a hash, dead with their user."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from ipamweb.access import people, tokens
from ipamweb.access.models import Token, User
from tests.access.locking import goes_by_locked_rows

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("maria")


def test_a_token_opens_what_its_user_may_open(user):
    text = tokens.create(user, now=NOW, name="script")

    found = tokens.find(text, now=NOW)

    assert found is not None
    assert (found.user, found.name) == (user, "script")


def test_no_row_holds_what_would_open(user):
    text = tokens.create(user, now=NOW)
    secret = text.partition(".")[2]

    row = Token.objects.values().get()

    assert len(secret) == 43
    assert secret not in str(row)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(
            lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), id="secret"
        ),
        pytest.param(lambda text: "ipw_000000000000" + text[16:], id="key"),
        pytest.param(lambda text: text.partition(".")[0], id="no secret"),
        pytest.param(lambda text: text + "\n", id="newline"),
        pytest.param(lambda text: "", id="empty"),
        pytest.param(lambda text: "nothing", id="another form"),
    ],
)
def test_a_text_that_is_not_the_token_opens_nothing(user, spoil):
    text = tokens.create(user, now=NOW)

    assert tokens.find(spoil(text), now=NOW) is None


def test_a_token_ends_at_its_expiry(user):
    text = tokens.create(user, now=NOW, expires_at=NOW + timedelta(days=1))

    assert tokens.find(text, now=NOW + timedelta(hours=23)) is not None
    assert tokens.find(text, now=NOW + timedelta(days=1)) is None


def test_the_tokens_of_a_user_who_is_switched_off_are_dead(user):
    text = tokens.create(user, now=NOW)
    User.objects.update(is_active=False)

    assert tokens.find(text, now=NOW) is None


def test_the_last_use_is_noted_at_most_once_a_minute(user):
    found = tokens.find(tokens.create(user, now=NOW), now=NOW)
    assert found is not None
    tokens.note_use(found, now=NOW)
    found.refresh_from_db()

    tokens.note_use(found, now=NOW + timedelta(seconds=59))

    assert Token.objects.get().last_used_at == NOW


def test_a_token_is_not_revoked_twice_at_once(user):
    text = tokens.create(user, now=NOW)

    assert goes_by_locked_rows(lambda: tokens.revoke(user, text[4:16], by=user))


def test_who_was_switched_off_meanwhile_gets_no_token(user):
    people.switch_off(user.pk, by=None)

    with pytest.raises(PermissionDenied):
        tokens.create(user, now=NOW)

    people.switch_on(user.pk, by=None)
    assert not Token.objects.exists()
