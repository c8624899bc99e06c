"""The tables: webhooks, what happened, what was sent of it, and what is full now."""

from django.db import models
from django.utils import timezone

from ipamweb.events.kinds import ACTIVE, WAITING


class Webhook(models.Model):
    """Where events go, and which. `team` None: everything; else what the team sees.

    `sealed` holds the URL and the secrets: whoever knows a URL of Slack may post there.
    `destination` is what is shown of it. A webhook goes with its team: it must never
    see more than it was made for.
    """

    name = models.CharField(max_length=100)
    team = models.ForeignKey("access.Team", models.CASCADE, null=True, related_name="+")
    template = models.CharField(max_length=16)
    kinds = models.JSONField(default=list)
    destination = models.CharField(max_length=300)
    sealed = models.TextField(default="")
    # Until when the secret of before the last rotation signs too.
    rotated_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, default=ACTIVE)
    # Why it was disabled, as one sentence.
    reason = models.CharField(max_length=300, blank=True, default="")
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """Something that happened. `key` is its own, so that it is told once; `uid` is what
    receivers know it by, however often it is sent."""

    uid = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=400, unique=True)
    kind = models.CharField(max_length=32)
    moment = models.DateTimeField()
    body = models.JSONField()
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """An event on its way to a webhook. `due_at` is when it is tried next, or again
    should the process that tries it now be killed."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=16, default=WAITING)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # What the receiver answered last; None where it did not.
    status = models.IntegerField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event"], name="delivery_of_webhook_and_event"
            )
        ]
        indexes = [
            models.Index(
                fields=["webhook", "due_at"],
                condition=models.Q(state=WAITING),
                name="delivery_due_of_webhook",
            ),
            models.Index(
                fields=["webhook", "state", "delivered_at"], name="delivery_by_state"
            ),
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
            # Few of a long log wait or are dead: the list of these reads no others.
            models.Index(
                fields=["webhook", "state", "-id"], name="delivery_of_webhook_in_state"
            ),
        ]


class Level(models.Model):
    """A pool, node or cluster that is above a threshold now; below all there is no
    row. `measure` is what of it: addresses, blocks, or (of a cluster) its age."""

    cluster = models.ForeignKey("mirror.Cluster", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    # A pool's or a cluster's slug, a node's name.
    subject = models.CharField(max_length=253)
    measure = models.CharField(max_length=16)
    level = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "kind", "subject", "measure"],
                name="level_of_subject_and_measure",
            )
        ]


class Notice(models.Model):
    """When it was last looked what happened: one row. Who moves it on tells."""

    noticed_at = models.DateTimeField(null=True)
