"""The tables: findings, and when each cluster was last looked at."""

from django.conf import settings
from django.db import models

from ipamweb.findings.candidates import SEVERITIES
from ipamweb.mirror.models import Cluster


class Finding(models.Model):
    """A fault that a rule found. `key` tells it from others of its rule.

    Times but those of acts are the mirror's `as_of`. `acknowledged_until` is taken off
    when it has passed. `severity` is its place in candidates.SEVERITIES.

    `turned_at` is by our clock: when a look last confirmed or resolved it. Who tells of
    it goes by this: a fault that was first missed before days without a look is
    resolved as of then, and known only now.
    """

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    rule = models.CharField(max_length=8)
    key = models.CharField(max_length=400)
    severity = models.SmallIntegerField(choices=list(enumerate(SEVERITIES)))
    state = models.CharField(max_length=12)
    subject_kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=330)
    subject_uid = models.CharField(max_length=64, blank=True, default="")
    # Of a pod: whose it is. Empty of what belongs to no namespace.
    namespace_uid = models.CharField(max_length=64, blank=True, default="")
    message = models.TextField()
    # Rows as candidates.Record has them.
    evidence = models.JSONField(default=list)
    command = models.TextField(blank=True, default="")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    looks = models.IntegerField(default=1)
    confirmed_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    turned_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_until = models.DateTimeField(null=True)
    acknowledged_reason = models.TextField(blank=True, default="")
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "rule", "key"],
                condition=models.Q(resolved_at=None),
                name="open_finding_of_rule_and_key",
            )
        ]
        indexes = [
            models.Index(fields=["severity", "id"]),
            models.Index(fields=["cluster", "state"]),
            models.Index(fields=["turned_at"], name="finding_turned"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class Acknowledgement(models.Model):
    """A time for which a finding may rest, and how it ended: by its time or with the
    finding (`ended_by` is nobody), or taken back by somebody."""

    finding = models.ForeignKey(
        Finding, models.CASCADE, related_name="acknowledgements"
    )
    at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )


class Check(models.Model):
    """The last look at a cluster; who moves `looked_at` on does the look.

    `revision` is raised by every change of a finding of the cluster. `cut` are rules
    that found more than is kept, `untold` those that could not be asked: of these
    nothing is resolved.
    """

    cluster = models.OneToOneField(Cluster, models.CASCADE, related_name="+")
    looked_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField(null=True)
    revision = models.BigIntegerField(default=0)
    rules = models.IntegerField(default=0)
    addresses = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    cut = models.JSONField(default=list)
    untold = models.JSONField(default=list)
