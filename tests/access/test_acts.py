"""The first user."""

import pytest

from ipamweb.access import acts
from ipamweb.access.models import User

pytestmark = pytest.mark.django_db


def test_the_first_user_gets_a_password_that_signs_in():
    made = acts.make_first_user(name="", password="", email="")

    assert made is not None
    assert (made.name, len(made.password)) == ("admin", 16)
    assert User.objects.get().check_password(made.password)


def test_a_password_given_from_outside_is_not_repeated():
    made = acts.make_first_user(
        name="maria", password="a long one", email="m@x.example"
    )

    assert made == acts.FirstUser(name="maria", password="")
    assert User.objects.get().check_password("a long one")


def test_where_somebody_can_sign_in_nobody_is_made():
    User.objects.create_user("maria")

    assert acts.make_first_user(name="", password="", email="") is None
    assert User.objects.count() == 1
