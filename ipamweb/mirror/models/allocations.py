"""Allocations: one address held by one owner. Open ones here, ended ones there.

Identity (address, owner, network, from) is never overwritten; ending an allocation
moves the row in one transaction. Times: docs, "What we promise" (from_earliest ≤
valid_from … valid_to ≤ to_latest).
"""

from django.db import models

from ipamweb.mirror.fields import AddressField
from ipamweb.mirror.models.clusters import Cluster
from ipamweb.mirror.models.places import Node
from ipamweb.mirror.models.pods import Pod
from ipamweb.mirror.models.space import Block, Pool


class AllocationColumns(models.Model):
    """What open and ended allocations share.

    The foreign keys carry no database constraint, for the reason given at Pod.
    """

    cluster = models.ForeignKey(
        Cluster, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    network = models.CharField(max_length=100, blank=True, default="")
    family = models.SmallIntegerField()
    address = AddressField()
    # The pod's UID; else node:<uid>:router …; else <system>:<handle>.
    owner_key = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    pod = models.ForeignKey(
        Pod,
        models.CASCADE,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    namespace_uid = models.CharField(max_length=64, blank=True, default="")
    node = models.ForeignKey(
        Node, models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    block = models.ForeignKey(
        Block,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    pool = models.ForeignKey(
        Pool,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    source = models.CharField(max_length=32)
    confidence = models.CharField(max_length=16)
    from_earliest = models.DateTimeField()
    valid_from = models.DateTimeField()
    opened_by = models.CharField(max_length=16)
    opened_sequence = models.IntegerField(default=0)
    opened_generation = models.BigIntegerField(default=0)
    terminating_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Allocation(AllocationColumns):
    """Held now."""

    # Of several owners of one address one row counts in block, pool and node: a number
    # of addresses must not grow with a conflict.
    counted = models.BooleanField(default=True)
    # The generation that opened the row, or marked it terminating: what pages that stay
    # open ask for.
    changed_generation = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # The owner first: what an owner holds is asked without the network too.
            models.UniqueConstraint(
                fields=["owner_key", "cluster", "network", "address"],
                name="open_allocation_of_owner_and_address",
            )
        ]
        # Lists are in address order; the last two are small: few rows are in them.
        indexes = [
            models.Index(fields=["cluster", "address"]),
            models.Index(fields=["cluster", "changed_generation"]),
            models.Index(fields=["namespace_uid", "cluster", "address"]),
            models.Index(
                fields=["cluster", "kind", "address"],
                condition=~models.Q(kind="pod"),
                name="allocation_not_of_a_pod",
            ),
            models.Index(
                fields=["cluster", "address"],
                condition=models.Q(terminating_at__isnull=False),
                name="allocation_terminating",
            ),
        ]


class PastAllocation(AllocationColumns):
    """Held once. Insert-only: a trigger refuses UPDATE. Keeps the id it had."""

    id = models.BigIntegerField(primary_key=True)
    valid_to = models.DateTimeField()
    to_latest = models.DateTimeField()
    closed_by = models.CharField(max_length=16)
    closed_sequence = models.IntegerField(default=0)
    closed_generation = models.BigIntegerField(default=0)
    # The smallest dyadic span of time that holds the interval (mirror/time_bins.py).
    time_bin = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["cluster", "address", "from_earliest"]),
            # With the outer bounds: of a bin of years few intervals hold an instant.
            models.Index(fields=["cluster", "time_bin", "to_latest", "from_earliest"]),
            models.Index(fields=["cluster", "closed_generation"]),
            models.Index(fields=["owner_key"]),
            models.Index(fields=["namespace_uid", "id"]),
        ]
