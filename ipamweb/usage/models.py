"""The tables: of what there are samples, the samples, and how far they are.

A row of samples is written 5,000 times in five minutes: it has no key of its own and
no column that its series can hold. Bytes a day: docs/usage.md.
"""

from django.db import models

from ipamweb.mirror.models import Cluster

POOL, NODE, NAMESPACE = "pool", "node", "namespace"
SCOPES = (POOL, NODE, NAMESPACE)


class Sampling(models.Model):
    """How far a cluster is sampled; who moves `at` on takes the sample of that step.

    `generation` is the cluster's at the last sample that saw it, `rolled_at` when
    its samples were last put together.
    """

    cluster = models.OneToOneField(Cluster, models.CASCADE, related_name="+")
    at = models.DateTimeField(null=True)
    generation = models.BigIntegerField(null=True)
    rolled_at = models.DateTimeField(null=True)


class UsageSeries(models.Model):
    """A thing with samples, in one family: `subject_id` is its row in the mirror.

    `ended_at` is set when it is gone: its last sample says that nothing is held.
    """

    id = models.AutoField(primary_key=True)
    cluster = models.ForeignKey(
        Cluster, models.CASCADE, related_name="+", db_index=False
    )
    scope = models.CharField(max_length=9)
    subject_id = models.BigIntegerField()
    family = models.SmallIntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "scope", "subject_id", "family"],
                name="usage_series_of_subject_and_family",
            )
        ]


class UsageSample(models.Model):
    """A point of steps.py: what held from `at` on, or over an hour or a day from `at`.

    `resolution` is in minutes: 5, 60 or 1440.
    """

    pk = models.CompositePrimaryKey("series_id", "at")
    series = models.ForeignKey(
        UsageSeries, models.CASCADE, related_name="samples", db_index=False
    )
    at = models.DateTimeField()
    resolution = models.SmallIntegerField(default=5)
    gap = models.BooleanField(default=False)
    # Null where the cluster was not seen at the end of it.
    allocated = models.IntegerField(null=True)
    # Null in a sample of one instant: they are `allocated`.
    allocated_min = models.IntegerField(null=True)
    allocated_max = models.IntegerField(null=True)
    # Text: the capacity of an IPv6 pool passes 64 bits. Never compared in SQL.
    capacity = models.CharField(max_length=40, null=True)
    slots_used = models.IntegerField(null=True)
    slots_total = models.BigIntegerField(null=True)
    opened = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
