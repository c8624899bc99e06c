"""Pods, and what the CNI says of them."""

from django.db import models

from ipamweb.mirror.models.clusters import Cluster
from ipamweb.mirror.models.places import Namespace, Node
from ipamweb.mirror.models.spans import Things


class Pod(models.Model):
    """A pod UID, also of hostNetwork pods and of pods without an address.

    The foreign keys carry no database constraint: a constraint is checked for each of
    150,000 rows written at a first poll, and sync, their only writer, keeps them right;
    verify_mirror looks for dangling ones.
    """

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    uid = models.CharField(max_length=64)
    namespace = models.ForeignKey(
        Namespace, models.CASCADE, null=True, db_constraint=False, db_index=False
    )
    # Of the namespace as it was: empty where its object was never seen.
    namespace_uid = models.CharField(max_length=64, blank=True, default="")
    namespace_name = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    node = models.ForeignKey(
        Node, models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    node_name = models.CharField(max_length=253, blank=True, default="")
    phase = models.CharField(max_length=32, blank=True, default="")
    host_network = models.BooleanField(default=False)
    workload_kind = models.CharField(max_length=63, blank=True, default="")
    workload_name = models.CharField(max_length=253, blank=True, default="")
    terminating_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    # status.podIPs as canonical text with blanks between: what Kubernetes says, held or
    # not.
    addresses = models.CharField(max_length=200, blank=True, default="")
    resource_version = models.CharField(max_length=64, blank=True, default="")
    # Of the mirrored fields: tells in one comparison that nothing changed.
    digest = models.BigIntegerField(default=0)
    seen_earliest = models.DateTimeField()
    first_seen = models.DateTimeField()
    # Last known there, and known gone; both null while it exists.
    gone_at = models.DateTimeField(null=True)
    gone_by = models.DateTimeField(null=True)
    gone_how = models.CharField(max_length=16, blank=True, default="")

    objects = Things()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "uid"], name="pod_of_cluster_and_uid"
            )
        ]
        # The second is small, and holds all that is asked of it: what took slots at an
        # instant of the past counts these pods.
        indexes = [
            models.Index(fields=["cluster", "namespace_name", "name"]),
            models.Index(
                fields=["cluster", "gone_by", "node", "first_seen"],
                condition=models.Q(host_network=True),
                name="pod_on_host_network",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.namespace_name}/{self.name}"


class Endpoint(models.Model):
    """What the CNI itself records of a pod (CiliumEndpoint): the second source."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    uid = models.CharField(max_length=64)
    namespace_name = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    pod_uid = models.CharField(max_length=64, blank=True, default="", db_index=True)
    state = models.CharField(max_length=32, blank=True, default="")
    addresses = models.CharField(max_length=200, blank=True, default="")
    resource_version = models.CharField(max_length=64, blank=True, default="")
    digest = models.BigIntegerField(default=0)
    first_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    gone_by = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "uid"], name="endpoint_of_cluster_and_uid"
            )
        ]
