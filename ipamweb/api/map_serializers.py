"""What REST shows of a map, field by field: they describe the OpenAPI document.

A row has the fields of its kind alone (docs, "The map's data").
"""

from typing import Any

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateTimeField,
    IntegerField,
    ListField,
    Serializer,
)

from ipamweb.api.serializers import big_number, words


def some(field: type, help_text: str = "", **options: Any) -> Any:
    """Return a field that rows of some kinds do not have."""
    return field(required=False, help_text=help_text, **options)


class MapRow(Serializer):
    kind = CharField(
        help_text="block, blocks, part, unassigned; held, reserved, free, outside."
    )
    first = CharField()
    last = CharField()
    cidr = CharField(allow_null=True)
    children = IntegerField(help_text="How many children the row stands for.")
    node = some(CharField, allow_null=True)
    zone = some(CharField)
    block = some(CharField, allow_null=True)
    blocks_assigned = some(IntegerField)
    blocks_total = some(CharField, "A decimal string.", allow_null=True)
    slots_used = some(IntegerField)
    slots_total = some(CharField, "A decimal string.")
    allocated = some(IntegerField)
    capacity = some(CharField, "A decimal string.")
    free = some(CharField, "A decimal string.")
    flags = some(IntegerField, "As in blocks.bin.")
    byte = some(IntegerField, "As in cells.")
    address_kind = some(CharField)
    state = some(CharField, "held, terminating or cooling-down.")
    owners = some(IntegerField)
    owner_hidden = some(BooleanField)
    namespace = some(CharField)
    pod = some(CharField)
    uid = some(CharField)
    valid_from = some(DateTimeField)
    gone = some(IntegerField, "With `vs`: addresses that nobody holds after.")
    new = some(IntegerField, "With `vs`: addresses that nobody held before.")
    changed = some(IntegerField, "With `vs`: addresses that others hold after.")
    change = some(CharField, "With `vs`, where it differs: gone, new or changed.")
    is_certain = some(BooleanField, "With `vs`: nobody may have held it at both.")


class MapLevel(Serializer):
    generation = IntegerField()
    cidr = CharField()
    family = IntegerField()
    pool = CharField()
    range = CharField(help_text="Of the pool, that holds the CIDR.")
    path = words(help_text="From the range down to the CIDR.")
    child_prefix_length = IntegerField()
    leaf = IntegerField(help_text="The prefix length of the map's smallest cells.")
    children_total = IntegerField()
    level = CharField(help_text="blocks or addresses.")
    rows = MapRow(many=True)


class MapMask(Serializer):
    generation = IntegerField()
    cidr = CharField()
    q = CharField()
    hits = IntegerField(help_text="Held addresses that match.")
    of = IntegerField(help_text="Held addresses.")
    nodes = IntegerField()
    unit = IntegerField(help_text="The prefix length that an index counts.")
    blocks = ListField(
        child=ListField(child=IntegerField()),
        help_text="[index, hits] of each block with hits.",
    )
    complete = BooleanField()
    bits = CharField(allow_null=True, help_text="Base64: a bit for each address.")


class MapWindow(Serializer):
    cidr = CharField()
    held = IntegerField()
    gap_before = big_number("Addresses since the window before.")
    gap_words = CharField()


class MapWindows(Serializer):
    generation = IntegerField()
    cidr = CharField()
    held = IntegerField()
    size = big_number()
    size_words = CharField()
    total = IntegerField(help_text="How many windows there are.")
    complete = BooleanField()
    windows = MapWindow(many=True)
    rest = big_number("Addresses behind the last window.")
    rest_words = CharField()
