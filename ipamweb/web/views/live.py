"""What pages that stay open ask every few seconds: what changed since a generation.

The format: docs, "The map's data". Costs two queries beside the session and the user
where nothing changed.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.queries import live, pools
from ipamweb.mirror.queries.live import ChangedCell, Changes
from ipamweb.mirror.queries.map_blocks import MOST_CAPACITY
from ipamweb.mirror.queries.map_ground import GroundBlock
from ipamweb.web import formatting, parameters
from ipamweb.web.rendering import only_reads
from ipamweb.web.visit import ClusterVisit, cluster_visit

MOST_GENERATION = 999_999_999
# JavaScript counts exactly up to here.
MOST_NUMBER = 1 << 53


@only_reads
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    here = cluster_visit(request, slug)
    generation = parameters.whole_number(
        request, "since", default=0, least=0, most=MOST_GENERATION
    )
    found = live.since(generation, cluster=here.cluster, scope=here.scope)
    response: HttpResponse
    if found is None:
        response = HttpResponse(status=204)
    else:
        response = JsonResponse(_body(found, here))
    fresh = here.cluster.freshness
    if fresh.as_of:
        response["Ipamweb-As-Of"] = formatting.machine_time(fresh.as_of)
    response["Ipamweb-Stale"] = "true" if fresh.stale else "false"
    patch_cache_control(response, private=True, no_store=True)
    return response


def _body(found: Changes, here: ClusterVisit) -> dict[str, Any]:
    fresh = here.cluster.freshness
    body = {
        "generation": fresh.generation,
        "at": formatting.machine_time(here.now),
        "as_of": formatting.machine_time(fresh.as_of) if fresh.as_of else None,
        "stale": fresh.stale,
        "counters": _counters(here),
    }
    if found.reset:
        return {"reset": True, **body}
    return {
        **body,
        "cells": [_cell(cell) for cell in found.cells],
        "blocks": [_block(block) for block in found.blocks],
    }


def _counters(here: ClusterVisit) -> dict[str, Any]:
    cluster = here.cluster
    return {
        "nodes": cluster.nodes,
        "pods": cluster.pods,
        "allocations": cluster.allocations,
        "pools": {
            pool.slug: {
                "allocated": pool.numbers.allocated,
                "free": str(pool.numbers.free),
                "blocks_assigned": pool.blocks_assigned,
            }
            for pool in pools.every(cluster, scope=here.scope)
        },
    }


def _cell(cell: ChangedCell) -> list[Any]:
    if cell.block is None:
        return [format_address(cell.address), 0, cell.byte]
    first = cell.block.range.first
    offset = cell.address - first
    exact = offset if offset < MOST_NUMBER else str(offset)
    return [format_address(first), exact, cell.byte]


def _block(block: GroundBlock) -> list[Any]:
    return [
        format_address(block.range.first),
        block.range.prefix_length,
        block.slots_used,
        min(block.slots_total, MOST_CAPACITY),
        block.allocated,
        min(block.capacity, MOST_CAPACITY),
        block.flags,
    ]
