"""Namespaces and nodes, with the versions of their slow facts.

Counters are written by sync in the transaction that changes what they count.
"""

from django.db import models

from ipamweb.mirror.models.clusters import Cluster
from ipamweb.mirror.models.spans import Things, Versions


class Namespace(models.Model):
    """A namespace UID; a name made again is a new row."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    uid = models.CharField(max_length=64)
    name = models.CharField(max_length=63)
    labels = models.JSONField(default=dict)
    resource_version = models.CharField(max_length=64, blank=True, default="")
    first_seen = models.DateTimeField()
    # Last known there, and known gone; both null while it exists.
    gone_at = models.DateTimeField(null=True)
    gone_by = models.DateTimeField(null=True)
    pod_count = models.IntegerField(default=0)
    allocated_v4 = models.IntegerField(default=0)
    allocated_v6 = models.IntegerField(default=0)

    objects = Things()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "uid"], name="namespace_of_cluster_and_uid"
            )
        ]
        indexes = [models.Index(fields=["cluster", "name"])]

    def __str__(self) -> str:
        return self.name


class NamespaceVersion(models.Model):
    """The labels of a namespace, for as long as they were so."""

    namespace = models.ForeignKey(Namespace, models.CASCADE, related_name="versions")
    labels = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Versions()

    class Meta:
        indexes = [models.Index(fields=["namespace", "valid_from"])]


class Node(models.Model):
    """A node UID. `slots_*` and `allocated_*` are counters (docs: numbers)."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    uid = models.CharField(max_length=64)
    name = models.CharField(max_length=253)
    zone = models.CharField(max_length=100, blank=True, default="")
    node_pool = models.CharField(max_length=100, blank=True, default="")
    instance_type = models.CharField(max_length=100, blank=True, default="")
    max_pods = models.IntegerField(null=True)
    ready = models.BooleanField(null=True)
    created_at = models.DateTimeField(null=True)
    resource_version = models.CharField(max_length=64, blank=True, default="")
    first_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    gone_by = models.DateTimeField(null=True)
    # Addresses held inside the node's present blocks, by family and by kind:
    # {"4": {"pod": 3, "router": 1}, "6": {}}.
    allocated_v4 = models.IntegerField(default=0)
    allocated_v6 = models.IntegerField(default=0)
    allocated_by_kind = models.JSONField(default=dict)
    pod_count = models.IntegerField(default=0)
    slots_used = models.IntegerField(default=0)
    slots_free = models.BigIntegerField(default=0)
    slots_total = models.BigIntegerField(default=0)

    objects = Things()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "uid"], name="node_of_cluster_and_uid"
            )
        ]
        indexes = [
            models.Index(fields=["cluster", "name"]),
            models.Index(fields=["cluster", "slots_free", "id"]),
        ]

    def __str__(self) -> str:
        return self.name


class NodeVersion(models.Model):
    """The slow facts of a node, for as long as they were so; `ready` is none."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="versions")
    zone = models.CharField(max_length=100, blank=True, default="")
    node_pool = models.CharField(max_length=100, blank=True, default="")
    instance_type = models.CharField(max_length=100, blank=True, default="")
    max_pods = models.IntegerField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Versions()

    class Meta:
        indexes = [models.Index(fields=["node", "valid_from"])]


class NodeRecord(models.Model):
    """What the CNI itself says of a node (CiliumNode): the second source beside it.

    `cidrs` and `pools` are blank separated; `error` is what the CNI's operator could
    not do, in its words. `changed_at` is when any of it was first seen as it is.
    """

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    uid = models.CharField(max_length=64)
    node_name = models.CharField(max_length=253)
    # Of the Node it was written for; empty where it names none.
    node_uid = models.CharField(max_length=64, blank=True, default="")
    cidrs = models.TextField(blank=True, default="")
    pools = models.TextField(blank=True, default="")
    error = models.TextField(blank=True, default="")
    is_ignored = models.BooleanField(default=False)
    first_seen = models.DateTimeField()
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    gone_by = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "uid"], name="node_record_of_cluster_and_uid"
            )
        ]

    def __str__(self) -> str:
        return self.node_name
