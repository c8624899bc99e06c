"""What is done by REST: POST, PATCH and DELETE beside a question's GET.

Each act is a function of `access` that writes its one audit entry; here is what a
request may say, and how a refusal is told. Who may not is told that nothing is there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import msgspec
from django.http import HttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from ipamweb.access.models import User
from ipamweb.api.errors import BadParameter


class Acting:
    """`wishes`: by method, what its body may say; `acted`: what it answers, none where
    nothing is left to tell of."""

    request: Request
    wishes: ClassVar[dict[str, type[Serializer]]] = {}
    acted: ClassVar[dict[str, type[Serializer]]] = {}

    def admin(self) -> User:
        user = self.request.user
        if not isinstance(user, User) or not user.is_superuser:
            raise NotFound
        return user

    def wish(self) -> dict[str, Any]:
        """Return what the body says, once it is nothing but what may be said."""
        kind = self.wishes[str(self.request.method)]
        given = self.request.data
        if not isinstance(given, dict):
            raise BadParameter("The body is a JSON object.", parameter="")
        known = list(kind().fields)
        for name in given:
            if name not in known:
                raise BadParameter(
                    f"{str(name)[:60]} is not known here; known are"
                    f" {', '.join(known)}.",
                    parameter=str(name)[:60],
                    accepted=known,
                )
        wish = kind(data=given)
        if not wish.is_valid():
            name, [why, *_] = next(iter(wish.errors.items()))
            raise BadParameter(f"{name}: {why}", parameter=name)
        return dict(wish.validated_data)


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """Turn an act that is refused into a 400 that says why."""
    try:
        yield
    except ValueError as error:
        raise BadParameter(str(error), parameter="") from error


def answer(row: dict[str, Any] | None, *, status: int = 200) -> HttpResponse:
    """Return a row as it is after the act; nothing where it is gone."""
    if row is None:
        return HttpResponse(status=204)
    response = HttpResponse(
        msgspec.json.encode(row), status=status, content_type="application/json"
    )
    response["Cache-Control"] = "no-store"
    return response
