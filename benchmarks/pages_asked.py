"""Asks pages and REST inside the process that is measured (tasks.py)."""

import statistics
import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ipamweb.access.models import User
from ipamweb.mirror.models import Cluster, Node
from ipamweb.settled import settle

TIMES = 15
STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pages() -> dict[str, Any]:
    """Return the median time, and the number of queries, of each page."""
    reader = client()
    return {what: asked(reader, path) for what, path in _paths().items()}


def client() -> Client:
    """Return a client that is signed in and sees everything."""
    # The names of static files, which a server collects when it is installed.
    settings.STORAGES = {"staticfiles": {"BACKEND": STATIC}}
    found = Client(SERVER_NAME="localhost")
    user, _ = User.objects.get_or_create(username="bench", is_superuser=True)
    found.force_login(user)
    # As a server does when it starts.
    settle()
    return found


def pages_to_load() -> dict[str, str]:
    """Return what a browser loads whole (page_budgets.py)."""
    paths = _paths()
    return {
        name: paths[f"page: {name}"] for name in ("overview", "one node", "findings")
    }


def _paths() -> dict[str, str]:
    cluster = Cluster.objects.get()
    nodes = Node.objects.filter(cluster=cluster, gone_by=None).order_by("name")
    node = nodes[nodes.count() // 2].name
    page, rest = f"/clusters/{cluster.slug}/", f"/api/v1/clusters/{cluster.slug}/"
    return {
        "page: overview": page,
        "page: nodes": f"{page}nodes/",
        "page: one node": f"{page}nodes/{node}/",
        "page: findings": "/findings/?state=all",
        "REST: cluster": rest,
        "REST: nodes": f"{rest}nodes/",
        "REST: one node": f"{rest}nodes/{node}/",
        "REST: allocations": f"{rest}allocations/",
        "REST: allocations of a node": f"{rest}allocations/?node={node}",
    }


def asked(client: Client, path: str) -> dict[str, float]:
    """Return the median time of an answer, and its number of queries."""
    with CaptureQueriesContext(connection) as captured:
        _answered(client, path)
        queries = len(captured)
    seconds = [_answered(client, path) for _ in range(TIMES)]
    return {
        "milliseconds": 1000 * statistics.median(seconds),
        "queries": queries,
    }


def _answered(client: Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return took
