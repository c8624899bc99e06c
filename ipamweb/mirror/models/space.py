"""Pools, their ranges, blocks and reservations. Ranges are versions: no row is re-used.

No size is stored: it follows from first and last, and IPv6 sizes pass 64 bits.
"""

from django.db import models

from ipamweb.mirror.fields import AddressField
from ipamweb.mirror.models.clusters import Cluster
from ipamweb.mirror.models.places import Node
from ipamweb.mirror.models.spans import Versions


class Pool(models.Model):
    """Where blocks come from. One family; the slug names system and family."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=200)
    name = models.CharField(max_length=253)
    system = models.CharField(max_length=64)
    family = models.SmallIntegerField()
    network = models.CharField(max_length=100, blank=True, default="")
    capacity_rule = models.CharField(max_length=64)
    read_from = models.CharField(max_length=300, blank=True, default="")
    first_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    # Addresses held inside the pool; those of them that the allocator sets aside.
    allocated = models.IntegerField(default=0)
    allocated_reserved = models.IntegerField(default=0)
    allocated_by_kind = models.JSONField(default=dict)
    blocks_assigned = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "slug"], name="pool_of_cluster_and_slug"
            )
        ]

    def __str__(self) -> str:
        return self.slug


class PoolRange(models.Model):
    """A range of a pool, for as long as it was so."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="ranges")
    family = models.SmallIntegerField()
    first = AddressField()
    last = AddressField()
    block_prefix_length = models.SmallIntegerField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Versions()

    class Meta:
        indexes = [models.Index(fields=["pool", "valid_to"])]


class Block(models.Model):
    """A range given to a node, for as long as it was so."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    network = models.CharField(max_length=100, blank=True, default="")
    family = models.SmallIntegerField()
    first = AddressField()
    last = AddressField()
    node = models.ForeignKey(Node, models.SET_NULL, null=True, related_name="blocks")
    node_name = models.CharField(max_length=253, blank=True, default="")
    pool = models.ForeignKey(Pool, models.SET_NULL, null=True, related_name="blocks")
    system = models.CharField(max_length=64)
    capacity_rule = models.CharField(max_length=64)
    # The API object that says so.
    object_uid = models.CharField(max_length=64)
    from_earliest = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    to_latest = models.DateTimeField(null=True)
    allocated = models.IntegerField(default=0)
    allocated_reserved = models.IntegerField(default=0)
    allocated_by_kind = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "network", "object_uid", "first", "last"],
                condition=models.Q(valid_to=None),
                name="open_block_of_object_and_range",
            )
        ]
        indexes = [models.Index(fields=["cluster", "first"])]


class Reservation(models.Model):
    """Addresses that will not be handed out, for as long as it was so."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    network = models.CharField(max_length=100, blank=True, default="")
    pool = models.ForeignKey(Pool, models.SET_NULL, null=True, related_name="+")
    family = models.SmallIntegerField()
    first = AddressField()
    last = AddressField()
    why = models.CharField(max_length=200)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Versions()

    class Meta:
        indexes = [models.Index(fields=["cluster", "first"])]
