"""What polls did, when we were blind, and what could not be read."""

from django.db import models

from ipamweb.mirror.models.clusters import Cluster

# What a poll read: what changed, complete lists, or, where it was cut off, who knows.
RUN_KINDS = CHANGES, COMPLETE, UNKNOWN = ("changes", "complete", "unknown")
# Of what was recorded. `held`: a mass release waits for an operator.
RUN_OUTCOMES = OK, FAILED, HELD = ("ok", "failed", "held")


class SyncRun(models.Model):
    """A poll that changed something or failed; another one extends the last."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    polls = models.IntegerField(default=1)
    opened = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    problems = models.IntegerField(default=0)
    gaps = models.IntegerField(default=0)
    error = models.TextField(blank=True, default="")
    generation = models.BigIntegerField(default=0)

    class Meta:
        # The second is of runs that tell when something happened. The others are of the
        # list: without one of its own, a kind or an outcome that is rare is looked for
        # among all polls of months.
        indexes = [
            models.Index(fields=["cluster", "-id"]),
            models.Index(
                fields=["cluster", "started_at"],
                condition=models.Q(opened__gt=0) | models.Q(closed__gt=0),
                name="run_that_moved_addresses",
            ),
            models.Index(fields=["cluster", "started_at", "id"], name="run_by_begin"),
            models.Index(
                fields=["cluster", "kind", "started_at", "id"], name="run_of_kind"
            ),
            models.Index(
                fields=["cluster", "outcome", "started_at", "id"],
                name="run_of_outcome",
            ),
        ]


class PollCount(models.Model):
    """How many polls of a kind ended in an outcome, and how long they took together,
    since the cluster was added. It never goes down: runs are pruned, this is not."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    polls = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "kind", "outcome"],
                name="poll_count_of_kind_and_outcome",
            )
        ]


class CoverageGap(models.Model):
    """A time in which we did not see the cluster. Open while `ended_at` is null."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="gaps")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=32)
    message = models.TextField(blank=True, default="")
    # "watch": the stream went on unbroken: nothing was missed, times are less exact.
    # "list": what came and went inside the gap was never seen.
    recovered_by = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster"],
                condition=models.Q(ended_at=None),
                name="one_open_gap_of_a_cluster",
            )
        ]
        indexes = [models.Index(fields=["cluster", "started_at"])]


class Problem(models.Model):
    """An object, or a field of it, that could not be read; resolved when it can."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="problems")
    kind = models.CharField(max_length=64)
    object = models.CharField(max_length=330)
    object_uid = models.CharField(max_length=64, blank=True, default="")
    field = models.CharField(max_length=200, blank=True, default="")
    why = models.TextField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["cluster", "resolved_at"])]
