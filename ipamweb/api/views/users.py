"""Users by REST: for admins; for others there is no such list."""

from dataclasses import astuple
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import BooleanField, CharField, ChoiceField, Serializer

from ipamweb.access import people
from ipamweb.access.models import User as UserModel
from ipamweb.access.people import UserRow
from ipamweb.api import passwords
from ipamweb.api.acting import Acting, answer, in_a_sentence
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.api.serializers import moment
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Page


class UserShape(Serializer):
    username = CharField()
    role = ChoiceField(choices=people.ROLES)
    role_from_group = BooleanField(help_text="A group of the provider gives it.")
    by_provider = BooleanField(help_text="Signs in by the provider.")
    active = BooleanField(help_text="False: switched off.")
    last_login = moment(allow_null=True)


class NewUser(Serializer):
    username = CharField(max_length=150)
    password = CharField(
        max_length=1000, trim_whitespace=False, write_only=True, help_text="The first."
    )
    role = ChoiceField(choices=people.ROLES, default="viewer")


class UserChange(Serializer):
    """Either of the two."""

    role = ChoiceField(choices=people.ROLES, required=False)
    active = BooleanField(required=False)


class Users(Acting, ListQuestion):
    """All users, by name. Admins."""

    serializer_class = UserShape
    wishes = {"POST": NewUser}
    acted = {"POST": UserShape}

    @staticmethod
    def row(user: UserRow, _: ClusterRow | None) -> dict[str, Any]:
        return _row(user)

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        self.admin()
        return super().get(request, **path)

    def page(self, asked: Asked) -> Page[Any]:
        return people.listed(window=asked.window)

    def further_state(self, asked: Asked) -> object:
        return [astuple(row) for row in self.page(asked).rows]

    def post(self, request: Request) -> HttpResponse:
        """Make a user who signs in by a password. Admins."""
        admin, wish = self.admin(), self.wish()
        passwords.check_taken()
        with in_a_sentence():
            made = people.create(
                wish["username"],
                password=wish["password"],
                role=wish["role"],
                by=admin,
            )
        return answer(_row(people.row(made)), status=201)


class User(Acting, Question):
    """A user. Admins."""

    serializer_class = UserShape
    wishes = {"PATCH": UserChange}
    acted = {"PATCH": UserShape}

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        self.admin()
        return super().get(request, **path)

    def found(self, asked: Asked) -> dict[str, Any] | None:
        user = people.found(asked.path["username"])
        return _row(people.row(user)) if user else None

    def further_state(self, asked: Asked) -> object:
        return self.found(asked)

    def patch(self, request: Request, username: str) -> HttpResponse:
        """Give a user another role, or switch them off or on. Admins."""
        admin, user = self.admin(), _known(username)
        wish = self.wish()
        if len(wish) != 1:
            raise BadParameter("Give role or active, one of the two.", parameter="")
        with in_a_sentence():
            if "role" in wish:
                people.set_role(user.pk, wish["role"], by=admin)
            elif wish["active"]:
                people.switch_on(user.pk, by=admin)
            else:
                people.switch_off(user.pk, by=admin)
        return answer(_row(people.row(_known(username))))


def _known(username: str) -> UserModel:
    user = people.found(username) if "\0" not in username else None
    if user is None:
        raise NotFound
    return user


def _row(user: UserRow) -> dict[str, Any]:
    return {
        "username": user.username,
        "role": user.role,
        "role_from_group": user.from_group,
        "by_provider": user.by_provider,
        "active": user.is_active,
        "last_login": user.last_login,
    }
