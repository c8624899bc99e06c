"""The rows of webhooks, as the OpenAPI document describes them, and what makes one."""

from rest_framework.serializers import (
    CharField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
)

from ipamweb.api.serializers import moment


class Webhook(Serializer):
    id = IntegerField()
    name = CharField()
    team = CharField(help_text="Whose names it is told; empty: everything.")
    template = CharField(help_text="standard, slack or mail.")
    destination = CharField(help_text="Where it leads, without the path of the URL.")
    kinds = ListField(child=CharField(), help_text="What it is told.")
    state = CharField(help_text="active, paused or disabled.")
    reason = CharField(help_text="Why it was disabled.")
    waiting = IntegerField(help_text="Deliveries that are tried again.")
    dead = IntegerField(help_text="Deliveries that are not.")
    delivered_at = moment(allow_null=True)
    failing_since = moment(allow_null=True)
    both_sign_until = moment(
        allow_null=True, help_text="Until then the earlier secret signs too."
    )
    created_at = moment()


class Delivery(Serializer):
    id = IntegerField()
    event = CharField(help_text="The webhook-id, the same at every attempt.")
    kind = CharField()
    summary = CharField()
    at = moment(help_text="When it happened.")
    state = CharField(help_text="waiting, delivered or dead.")
    attempts = IntegerField()
    status = IntegerField(allow_null=True, help_text="What was answered last.")
    error = CharField()
    tried_at = moment(allow_null=True)
    due_at = moment(allow_null=True, help_text="When it is tried again.")
    delivered_at = moment(allow_null=True)
    seconds = FloatField(help_text="How long the last attempt took.")


class WebhookMade(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret = CharField(help_text="Signs what is sent; empty of a mail.")


class WebhookWish(Serializer):
    """What a new webhook is to be."""

    name = CharField(max_length=100)
    url = CharField(max_length=1000)
    template = CharField(default="standard", max_length=16)
    team = CharField(default="", allow_blank=True, max_length=63)
    kinds = ListField(child=CharField(max_length=32), required=False, max_length=20)


class WebhookChange(Serializer):
    """What may change of a webhook."""

    name = CharField(required=False, max_length=100)
    url = CharField(required=False, max_length=1000)
    kinds = ListField(child=CharField(max_length=32), required=False, max_length=20)
    state = CharField(required=False, max_length=16)
