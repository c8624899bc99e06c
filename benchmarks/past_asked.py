"""Asks pages and REST about the past inside the process that is measured (tasks.py)."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from benchmarks.pages_asked import asked, client
from benchmarks.past_filled import POOL
from ipamweb.mirror.models import Cluster

# A time at which half of what is held now was held already.
AGO = timedelta(days=30)
ADDRESS = "10.137.196.40"
NODE = "node-2500"


def past_asked() -> dict[str, Any]:
    """Return the median time, and the number of queries, of each question."""
    reader = client()
    return {what: asked(reader, path) for what, path in _paths().items()}


def _paths() -> dict[str, str]:
    cluster = Cluster.objects.get()
    assert cluster.as_of is not None
    then = (cluster.as_of - AGO).strftime("%Y-%m-%dT%H:%M:%SZ")
    later = (cluster.as_of - AGO + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    at = f"at={quote(then)}"
    window = f"since={quote(then)}&until={quote(later)}"
    page, rest = f"/clusters/{cluster.slug}/", f"/api/v1/clusters/{cluster.slug}/"
    return {
        "past: an address's history": f"{rest}addresses/{ADDRESS}/",
        "past: who had an address": f"{rest}addresses/{ADDRESS}/?{at}",
        "past: page of a node's grid": f"{page}nodes/{NODE}/?{at}",
        "past: REST of a node": f"{rest}nodes/{NODE}/?{at}",
        "past: a pool's map, its blocks": f"{rest}pools/{POOL}/blocks.bin?{at}",
        "past: page of a pool's map": f"{page}pools/{POOL}/map/10.128.0.0/9?{at}",
        "past: cells of a /16": f"{rest}cells/10.137.0.0/16/?{at}",
        "past: allocations of all": f"{rest}allocations/?{at}",
        "past: a /24 in an hour": f"{rest}allocations/?within=10.137.196.0/24&{window}",
        "past: nodes": f"{rest}nodes/?{at}",
        "past: namespaces": f"{rest}namespaces/?{at}",
    }
