"""Webhooks and what became of their deliveries: for admins alone."""

from dataclasses import asdict
from functools import partial
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from ipamweb.access.models import User
from ipamweb.access.teams import Refused
from ipamweb.api import parameters, webhook_rows
from ipamweb.api import webhook_serializers as serializers
from ipamweb.api.describing import QuestionSchema
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import Asked, JsonOnly, ListQuestion, Question
from ipamweb.api.serializers import Error
from ipamweb.events import rows, webhooks
from ipamweb.events.kinds import DELIVERY_STATES
from ipamweb.events.rows import WebhookRow
from ipamweb.mirror.queries.paging import Page


class WebhooksSchema(QuestionSchema):
    """Describes the acts beside the questions."""

    def get_operation_id(self) -> str:
        verbs = {"POST": "create", "PATCH": "change", "DELETE": "remove"}
        verb = verbs.get(self.method)
        return f"{verb}Webhook" if verb else super().get_operation_id()

    def get_override_parameters(self) -> list[Any]:
        return super().get_override_parameters() if self.method == "GET" else []

    def get_request_serializer(self) -> Any:
        wishes = {"POST": serializers.WebhookWish, "PATCH": serializers.WebhookChange}
        return wishes.get(self.method)

    def get_response_serializers(self) -> dict[Any, Any]:
        if self.method == "GET":
            return super().get_response_serializers()
        good: dict[str, dict[Any, Any]] = {
            "POST": {201: serializers.WebhookMade},
            "PATCH": {200: serializers.Webhook},
            "DELETE": {204: OpenApiResponse(description="It is removed.")},
        }
        return {
            **good[self.method],
            400: OpenApiResponse(Error, "It cannot be so."),
            401: OpenApiResponse(Error, "Not signed in."),
            403: OpenApiResponse(Error, "This token may only read."),
            404: OpenApiResponse(Error, "Not there, or not yours."),
        }


class _ForAdmins(GenericAPIView):
    """Whoever is no admin is told that there is nothing."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.admin.is_superuser:
            raise NotFound

    @property
    def admin(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user


class Webhooks(_ForAdmins, ListQuestion):
    """Where events go, for admins. POST makes a webhook."""

    schema = WebhooksSchema()
    serializer_class = serializers.Webhook
    row = staticmethod(webhook_rows.webhook)

    def further_state(self, asked: Asked) -> object:
        return [asdict(row) for row in self.page(asked).rows]

    def page(self, asked: Asked) -> Page[Any]:
        return rows.listed(window=asked.window)

    def post(self, request: Request) -> HttpResponse:
        wish = _wish(serializers.WebhookWish, request)
        made, secret = _done(
            partial(webhooks.create, by=self.admin, now=timezone.now(), **wish)
        )
        return _with_secret(made.pk, secret, status=201)


class Webhook(_ForAdmins, Question):
    """A webhook, for admins. PATCH changes it, DELETE removes it."""

    schema = WebhooksSchema()
    serializer_class = serializers.Webhook

    def further_state(self, asked: Asked) -> object:
        return self.found(asked)

    def found(self, asked: Asked) -> dict[str, Any] | None:
        return webhook_rows.webhook(_row(asked.path["number"]))

    def patch(self, request: Request, number: str) -> HttpResponse:
        row, wish = _row(number), _wish(serializers.WebhookChange, request)
        if not wish:
            raise BadParameter("Give name, url, kinds or state.", parameter="")
        _done(partial(webhooks.change, row.id, by=self.admin, **wish))
        return _json(webhook_rows.webhook(_row(number)))

    def delete(self, request: Request, number: str) -> HttpResponse:
        _done(partial(webhooks.remove, _row(number).id, by=self.admin))
        return HttpResponse(status=204)


class Deliveries(_ForAdmins, ListQuestion):
    """What was sent to a webhook, newest first, and what came of it: for admins."""

    serializer_class = serializers.Delivery
    row = staticmethod(webhook_rows.delivery)
    parameters = (
        parameters.choice("state", "In this state.", accepted=DELIVERY_STATES),
    )

    def further_state(self, asked: Asked) -> object:
        return [asdict(row) for row in self.page(asked).rows]

    def page(self, asked: Asked) -> Page[Any]:
        webhook = _row(asked.path["number"])
        return rows.deliveries(
            webhook.id, window=asked.window, state=asked.values["state"]
        )


class Test(_ForAdmins):
    """Sends a test; the deliveries tell what comes of it."""

    schema = None
    content_negotiation_class = JsonOnly

    def post(self, request: Request, number: str) -> HttpResponse:
        test = partial(webhooks.test, by=self.admin, now=timezone.now())
        sent = _done(partial(test, _row(number).id))
        return _json({"event": sent.event.uid}, status=202)


class Rotation(_ForAdmins):
    """Gives a webhook another secret; for a day both sign."""

    schema = None
    content_negotiation_class = JsonOnly

    def post(self, request: Request, number: str) -> HttpResponse:
        rotate = partial(webhooks.rotate, by=self.admin, now=timezone.now())
        rotated, secret = _done(partial(rotate, _row(number).id))
        return _with_secret(rotated.pk, secret, status=200)


def _row(number: str) -> WebhookRow:
    """Return a webhook; what is no number is not there."""
    is_number = number.isascii() and number.isdigit() and len(number) <= 18
    found = rows.one(int(number)) if is_number else None
    if found is None:
        raise NotFound
    return found


def _wish(kind: type[Any], request: Request) -> dict[str, Any]:
    wish = kind(data=request.data)
    if not wish.is_valid():
        name, why = next(iter(wish.errors.items()))
        words = why[0] if isinstance(why, list) else "This is not accepted."
        raise BadParameter(f"{name}: {words}", parameter=name)
    return dict(wish.validated_data)


def _done(act: partial[Any]) -> Any:
    try:
        return act()
    except Refused as error:
        raise BadParameter(str(error), parameter="") from error


def _with_secret(number: int, secret: str, *, status: int) -> HttpResponse:
    """Return a webhook with its secret, which is shown this once."""
    row = webhook_rows.webhook(_row(str(number)))
    response = _json({**row, "secret": secret}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _json(body: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return HttpResponse(
        msgspec.json.encode(body), status=status, content_type="application/json"
    )
