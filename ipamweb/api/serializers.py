"""The rows of REST, field by field: they describe the OpenAPI document.

Sizes, capacities and free counts are decimal strings, because 2^64 does not fit a JSON
number; counts of things that exist are numbers. Not here: the making of rows (rows.py).
"""

from typing import Any

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateTimeField,
    DictField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
)

from ipamweb.addressing.records import KINDS

NOT_KEPT = "Null with `at`: not kept."
UNKNOWN = "With `at` that of then; null before history starts."
FAMILIES = "By address family: 4, 6."


def words(**options: Any) -> ListField:
    return ListField(child=CharField(), **options)


def big_number(help_text: str = "") -> CharField:
    """Return the field of a number that may not fit a JSON number."""
    return CharField(help_text=f"{help_text} A decimal string.".strip())


def moment(**options: Any) -> DateTimeField:
    return DateTimeField(**options)


class ErrorBody(Serializer):
    code = CharField()
    message = CharField(help_text="One sentence.")
    details = DictField()


class Error(Serializer):
    error = ErrorBody()


class HeldRelease(Serializer):
    at = moment()
    count = IntegerField()
    of = IntegerField()


class Cluster(Serializer):
    slug = CharField()
    name = CharField()
    systems = words(help_text="The system of the pod network first.")
    mode = CharField()
    server_version = CharField(allow_null=True, help_text=NOT_KEPT)
    families = ListField(child=IntegerField())
    namespaces = words(
        allow_null=True,
        help_text=f"What the credentials are confined to; empty: nothing. {NOT_KEPT}",
    )
    nodes = IntegerField(allow_null=True, help_text=UNKNOWN)
    pods = IntegerField(allow_null=True, help_text=UNKNOWN)
    pools = IntegerField(allow_null=True, help_text=UNKNOWN)
    allocations = IntegerField(
        allow_null=True, help_text=f"{UNKNOWN} Then those held for certain."
    )
    findings_open = IntegerField(allow_null=True, help_text=UNKNOWN)
    gaps = IntegerField(allow_null=True, help_text=f"How many are recorded. {UNKNOWN}")
    gap_since = moment(allow_null=True, help_text="Since when we do not see it.")
    held_release = HeldRelease(allow_null=True)
    paused = BooleanField(allow_null=True, help_text=NOT_KEPT)
    last_poll_at = moment(allow_null=True, help_text=NOT_KEPT)
    last_error = CharField(allow_null=True, help_text=NOT_KEPT)
    as_of = moment(allow_null=True)
    stale = BooleanField()


class Numbers(Serializer):
    size = big_number("reserved + unreachable + capacity.")
    reserved = big_number("Not handed out, and not allocated.")
    unreachable = big_number("What the allocator cannot hand out.")
    capacity = big_number("allocated + free.")
    allocated = IntegerField()
    free = big_number()
    allocated_by_kind = DictField(child=IntegerField())


class PoolRange(Serializer):
    cidr = CharField()
    family = IntegerField()
    block_prefix_length = IntegerField(allow_null=True)


class Pool(Serializer):
    slug = CharField()
    name = CharField()
    system = CharField()
    network = CharField()
    capacity_rule = CharField()
    read_from = CharField()
    ranges = PoolRange(many=True)
    families = DictField(child=Numbers(), help_text=FAMILIES)
    blocks_assigned = IntegerField()
    blocks_total = CharField(allow_null=True, help_text="Null: not cut into blocks.")


class Node(Serializer):
    name = CharField()
    uid = CharField()
    zone = CharField()
    node_pool = CharField()
    instance_type = CharField()
    ready = BooleanField(allow_null=True)
    max_pods = IntegerField(allow_null=True)
    pods = IntegerField()
    cidrs = words()
    families = DictField(child=Numbers(), help_text=FAMILIES)
    slots_used = IntegerField()
    slots_free = big_number()
    slots_total = big_number()
    findings_open = IntegerField(allow_null=True, help_text="Null with `at`.")
    first_seen = moment()
    gone_at = moment(allow_null=True)


class Block(Numbers):
    cidr = CharField()
    family = IntegerField()
    pool = CharField()
    node = CharField()
    network = CharField()
    system = CharField()
    capacity_rule = CharField()
    valid_from = moment()
    valid_to = moment(allow_null=True)


class WorkloadUse(Serializer):
    kind = CharField(help_text="Empty, like the name: pods that belong to none.")
    name = CharField()
    pods = IntegerField(help_text="How many hold an address.")
    addresses = IntegerField()


class Namespace(Serializer):
    class Family(Serializer):
        allocated = IntegerField()

    namespace = CharField()
    uid = CharField()
    labels = DictField(child=CharField())
    pods = IntegerField()
    families = DictField(child=Family(), help_text=FAMILIES)
    peak_30d = DictField(
        child=IntegerField(), help_text="The most held in thirty days, by family."
    )
    workloads = WorkloadUse(
        many=True,
        allow_null=True,
        help_text="The ten that hold most, the largest first; null with `at`.",
    )
    first_seen = moment()
    gone_at = moment(allow_null=True)


class Allocation(Serializer):
    id = IntegerField(help_text="Kept when the allocation ends.")
    cluster = CharField()
    address = CharField()
    family = IntegerField()
    kind = CharField(help_text=f"One of {', '.join(KINDS)}.")
    state = CharField(
        help_text="held, terminating, cooling-down or ended; at an instant of the past"
        " also possible: between two reads."
    )
    node = CharField()
    block = CharField(allow_null=True)
    pool = CharField()
    network = CharField()
    owner_hidden = BooleanField(help_text="The owner is not yours to see.")
    namespace = CharField()
    pod = CharField()
    uid = CharField(help_text="The pod's.")
    workload_kind = CharField()
    workload_name = CharField()
    source = CharField()
    confidence = CharField(help_text="recorded (an object says so) or derived.")
    from_earliest = moment(help_text="Not held before.")
    valid_from = moment(help_text="First seen held.")
    valid_to = moment(allow_null=True, help_text="Last known held.")
    to_latest = moment(allow_null=True, help_text="Known gone.")
    terminating_at = moment(allow_null=True)
    opened_by = CharField()
    closed_by = CharField()


class Pod(Serializer):
    uid = CharField()
    namespace = CharField()
    name = CharField()
    node = CharField()
    phase = CharField()
    host_network = BooleanField()
    workload_kind = CharField()
    workload_name = CharField()
    terminating = BooleanField()
    addresses = words(help_text="What the pod holds.")
    reported_addresses = words(help_text="What its status says, held or not.")
    first_seen = moment()
    gone_at = moment(allow_null=True)


class Endpoint(Serializer):
    uid = CharField()
    state = CharField()
    addresses = words()
    first_seen = moment()
    gone_at = moment(allow_null=True)


class PodDetail(Pod):
    endpoints = Endpoint(many=True, help_text="What the CNI itself records.")
    allocations = Allocation(many=True, help_text="What it holds.")
    history = Allocation(many=True, help_text="What it held, newest first.")


class Gap(Serializer):
    id = IntegerField()
    started_at = moment()
    ended_at = moment(allow_null=True, help_text="Null: it goes on.")
    reason = CharField()
    message = CharField()
    lost_events = BooleanField(
        help_text="What came and went inside was never seen; else only times are less"
        " exact."
    )


class Past(Serializer):
    at = moment()
    blind = CharField(
        help_text="Why we did not see that instant: before-history, after-as-of, gap;"
        " empty: we saw it."
    )
    gap = Gap(allow_null=True, help_text="The gap it lies in.")


class Problem(Serializer):
    id = IntegerField()
    kind = CharField()
    object = CharField()
    field = CharField()
    why = CharField()
    object_hidden = BooleanField()
    first_seen = moment()
    last_seen = moment(
        allow_null=True, help_text="Null with `at`, of what was open then: not kept."
    )
    resolved_at = moment(allow_null=True)


class Run(Serializer):
    id = IntegerField()
    kind = CharField()
    outcome = CharField()
    started_at = moment()
    ended_at = moment()
    seconds = FloatField()
    polls = IntegerField(
        help_text="How many that changed nothing are told in this row."
    )
    opened = IntegerField()
    changed = IntegerField()
    closed = IntegerField()
    unchanged = IntegerField()
    problems = IntegerField()
    gaps = IntegerField()
    error = CharField()


class Reservation(Serializer):
    id = IntegerField()
    range = CharField(help_text="A CIDR, or first-last.")
    family = IntegerField()
    pool = CharField()
    network = CharField()
    why = CharField()
    valid_from = moment()


class WhyNobody(Serializer):
    code = CharField(
        help_text="free, reserved-by-rule, reserved, no-block, outside-all-pools or"
        " not-read."
    )
    message = CharField()


class AnswerAt(Serializer):
    at = moment()
    verdict = CharField(help_text="held, possible, nobody or unknown.")
    blind = CharField(
        help_text="Why we did not see that instant: before-history, after-as-of, gap;"
        " empty: we saw it."
    )
    certain = Allocation(many=True)
    possible = Allocation(many=True)


class AddressPool(Serializer):
    slug = CharField()
    range = CharField()


class Address(Serializer):
    cluster = CharField()
    address = CharField()
    family = IntegerField()
    pool = AddressPool(allow_null=True)
    block = CharField(allow_null=True)
    node = CharField()
    holders = Allocation(many=True, help_text="Who holds it; several: a conflict.")
    why_nobody = WhyNobody(allow_null=True)
    at = AnswerAt(allow_null=True, help_text="The answer for the parameter `at`.")
    history = Allocation(many=True, help_text="Who held it, newest first.")
    history_next = CharField(allow_null=True)
    history_previous = CharField(allow_null=True)
    gaps = Gap(many=True, help_text="When we were blind, since the history begins.")


class UsageHeld(Serializer):
    last = IntegerField(allow_null=True, help_text="Null: not seen at its end.")
    min = IntegerField(allow_null=True)
    max = IntegerField(allow_null=True)


class Usage(Serializer):
    cluster = CharField()
    scope = CharField(help_text="pool, node or namespace.")
    scope_id = CharField(help_text="A pool's slug; the UID of a node or namespace.")
    name = CharField()
    family = IntegerField()
    at = moment(help_text="The beginning of the time it stands for.")
    resolution = CharField(help_text="5m, 1h or 1d.")
    gap = BooleanField(help_text="A part of it, or all, was not seen.")
    allocated = UsageHeld()
    capacity = CharField(
        allow_null=True, help_text="A decimal string; null: it has none."
    )
    slots_used = IntegerField(allow_null=True)
    slots_total = CharField(allow_null=True, help_text="A decimal string.")
    opened = IntegerField(help_text="Addresses, since the sample before.")
    closed = IntegerField()


class AuditEntry(Serializer):
    sequence = IntegerField(help_text="Without a hole.")
    moment = moment()
    actor = CharField(help_text="Empty: no signed-in user, see `origin`.")
    actor_id = IntegerField(allow_null=True)
    act = CharField()
    subject = CharField()
    before = DictField(allow_null=True)
    after = DictField(allow_null=True)
    origin = CharField(help_text="The address of who asked, or the command.")
    request_id = CharField()
    hash = CharField(help_text="SHA-256 of the hash before and of this entry.")


class IpHoursRow(Serializer):
    month = CharField()
    team = CharField(help_text="Of a row by team.")
    cluster = CharField(help_text="Empty: of all clusters.")
    namespace = CharField(help_text="Empty: of all of a team, or never seen.")
    namespace_uid = CharField()
    family = IntegerField()
    certain_hours = FloatField(help_text="Held for certain.")
    possible_hours = FloatField(help_text="Beyond that, at most: between two reads.")
    unseen_hours = FloatField(
        allow_null=True, help_text="Of the month the cluster was not seen so long."
    )


class IpHours(Serializer):
    month = CharField()
    results = IpHoursRow(many=True)
