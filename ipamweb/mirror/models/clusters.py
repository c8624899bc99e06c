"""Clusters, what was detected of them, and the state of mirroring them."""

from django.db import models

from ipamweb.mirror.models.spans import Versions


class Cluster(models.Model):
    """A cluster we mirror. Written by sync; how to reach it is access.ClusterConnection
    of the same slug."""

    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=200)
    # The UID of namespace kube-system; empty until the first good poll.
    identity = models.CharField(max_length=64, blank=True, default="")
    server_version = models.CharField(max_length=64, blank=True, default="")
    systems = models.JSONField(default=list)
    mode = models.CharField(max_length=64, blank=True, default="")
    reader = models.CharField(max_length=64, blank=True, default="")
    families = models.JSONField(default=list)
    # The kinds that are read, by name, and what the reader is told (detection).
    kinds = models.JSONField(default=list)
    reader_settings = models.JSONField(default=dict)
    # Namespaces the credentials are confined to; empty means the whole cluster.
    namespaces = models.JSONField(default=list)
    generation = models.BigIntegerField(default=0)
    # Raised when resourceVersions went back: older ones are not comparable any more.
    epoch = models.IntegerField(default=0)
    first_as_of = models.DateTimeField(null=True)
    # Of the time before it past allocations were pruned: who held what is not known.
    pruned_to = models.DateTimeField(null=True)
    as_of = models.DateTimeField(null=True)
    # When the configuration was asked for last, and as of when what is known of it is:
    # mode and ranges. It is looked at more rarely than for changes.
    configuration_asked_at = models.DateTimeField(null=True)
    configuration_as_of = models.DateTimeField(null=True)
    last_poll_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")
    last_error_kind = models.CharField(max_length=32, blank=True, default="")
    failures_in_row = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    # A mass release that the brake holds back: when first seen, how many of how many.
    held_release_at = models.DateTimeField(null=True)
    held_release_count = models.IntegerField(default=0)
    held_release_of = models.IntegerField(default=0)
    release_accepted = models.BooleanField(default=False)
    # Counters, re-counted by verify_mirror.
    node_count = models.IntegerField(default=0)
    pod_count = models.IntegerField(default=0)
    allocation_count = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.slug


class ClusterVersion(models.Model):
    """What was detected, for as long as it was so: mode and cluster-wide ranges."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="versions")
    systems = models.JSONField(default=list)
    mode = models.CharField(max_length=64, blank=True, default="")
    reader = models.CharField(max_length=64, blank=True, default="")
    # Rows of [name, value, where it was read].
    facts = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Versions()

    class Meta:
        indexes = [models.Index(fields=["cluster", "valid_from"])]


class Cursor(models.Model):
    """How far a kind of object has been read."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="cursors")
    kind = models.CharField(max_length=64)
    # Opaque: one resourceVersion, or one for each namespace.
    resource_version = models.TextField(blank=True, default="")
    as_of = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    # Set where the stream is not to be trusted until a complete list was read.
    needs_list = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "kind"], name="cursor_of_cluster_and_kind"
            )
        ]


class Lease(models.Model):
    """Who may write a cluster's mirror, until when, and under which fencing token."""

    cluster = models.OneToOneField(Cluster, models.CASCADE, related_name="lease")
    holder = models.CharField(max_length=200, blank=True, default="")
    fence = models.BigIntegerField(default=0)
    until = models.DateTimeField(null=True)
