"""What maps are drawn from: the columns of a pool, the bytes and rows of a CIDR.

The formats: docs, "The map's data". No answer is larger than 200 kB.
"""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import NotFound

from ipamweb.addressing.ranges import Range, parse_wide_cidr
from ipamweb.api import instants, map_columns, map_rows, map_serializers, parameters
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import Asked, Question, age
from ipamweb.mirror.queries import (
    map_blocks,
    map_cells,
    map_children,
    map_mask,
    map_windows,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_filter import NotAFilter


class MapQuestion(Question):
    """A question of a map: its answer says of which generation it is."""

    examples = {"address": "10.0.0.0", "length": 24}

    def body(self, asked: Asked) -> dict[str, Any]:
        return {**map_age(asked), **super().body(asked)}


class MapBytes(MapQuestion):
    """The same, for programs: bytes whose format the document only names."""

    content_type = "application/octet-stream"

    def response(self, asked: Asked) -> HttpResponse:
        return HttpResponse(self.content(asked), content_type=self.content_type)

    def content(self, asked: Asked) -> bytes:
        raise NotFound


class PoolBlocks(MapBytes):
    """Every block of a pool in columns: blocks.bin."""

    has_past = True
    parameters = (
        instants.VS,
        parameters.choice("v", "Of the format.", accepted=("1",), absent="1"),
    )

    def content(self, asked: Asked) -> bytes:
        found = map_blocks.of_pool(
            asked.path["slug"], cluster=looked_at(asked), scope=asked.scope
        )
        if found is None:
            raise NotFound
        return map_columns.encode(found, map_age(asked))


class Cells(MapBytes):
    """One byte for each address of a CIDR of at most 65,536."""

    has_past = True
    parameters = (instants.VS,)

    def content(self, asked: Asked) -> bytes:
        bounds = asked_cidr(asked)
        if bounds.size > map_cells.MOST_ADDRESSES:
            raise _refused(
                f"{bounds} has more than {map_cells.MOST_ADDRESSES} addresses.",
                "IPv4 /16 and longer, IPv6 /112 and longer",
            )
        return map_cells.cells(bounds, cluster=looked_at(asked), scope=asked.scope)


class Children(MapQuestion):
    """One level of a map as rows: what a CIDR is cut into, at most 256."""

    serializer_class = map_serializers.MapLevel
    has_past = True
    parameters = (
        instants.VS,
        parameters.text("pool", "As a part of the pool of this slug."),
    )

    def found(self, asked: Asked) -> dict[str, Any] | None:
        level = map_children.children(
            asked_cidr(asked),
            pool=asked.values["pool"],
            cluster=looked_at(asked),
            scope=asked.scope,
        )
        return map_rows.level(level) if level else None


class FilterMask(MapQuestion):
    """What a filter finds on a map."""

    serializer_class = map_serializers.MapMask
    parameters = (
        replace(
            parameters.text("q", "The filter: words with blanks between."),
            is_required=True,
        ),
    )

    def found(self, asked: Asked) -> dict[str, Any]:
        text = asked.values["q"]
        try:
            mask = map_mask.mask(
                asked_cidr(asked), text, cluster=looked_at(asked), scope=asked.scope
            )
        except NotAFilter as error:
            raise BadParameter(f"q: {error}", parameter="q") from error
        return map_rows.mask(mask, text)


class Windows(MapQuestion):
    """The /120s of an IPv6 CIDR in which something is held."""

    serializer_class = map_serializers.MapWindows
    has_past = True
    examples = {"address": "fd00::", "length": 64}

    def found(self, asked: Asked) -> dict[str, Any]:
        bounds = asked_cidr(asked)
        if bounds.family == 4 or bounds.size < map_windows.WINDOW:
            raise _refused(f"{bounds} has no windows.", "IPv6 /120 and shorter")
        found = map_windows.windows(bounds, cluster=looked_at(asked), scope=asked.scope)
        return map_rows.windows(found)


def looked_at(asked: Asked) -> ClusterRow:
    """Return the cluster, at the instant that is asked about."""
    vs = instants.other(asked.values, cluster=asked.cluster)
    return asked.cluster.looked_at(asked.at, vs)


def map_age(asked: Asked) -> dict[str, Any]:
    """Return how old an answer is, and of which generation."""
    return {**age(asked), "generation": asked.cluster.freshness.generation}


def asked_cidr(asked: Asked) -> Range:
    """Return the CIDR in the path. Raises BadParameter where it is spelt otherwise than
    we spell it: then there would be two URLs of one thing."""
    text = f"{asked.path['address']}/{asked.path['length']}"
    try:
        bounds = parse_wide_cidr(text)
    except ValueError as error:
        raise _refused(f"{error}.", "a CIDR such as 10.0.2.0/24") from error
    if str(bounds) != text:
        raise _refused(f"{text[:60]!r} is not how a CIDR is written here.", str(bounds))
    return bounds


def _refused(message: str, accepted: str) -> BadParameter:
    return BadParameter(
        f"{message} Accepted: {accepted}.", parameter="cidr", accepted=[accepted]
    )
