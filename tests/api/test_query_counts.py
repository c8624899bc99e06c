"""No answer costs more queries when there is more to answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ipamweb.access.models import User
from tests import cast, cast_people
from tests.api.conftest import Reader

C = "clusters/prod-eu/"
THEN = "at=2026-11-22T13:20:00Z"
# The session, its user and the cluster cost three; the rest is the question's.
COUNTS = {
    "clusters/": 4, "clusters/?system=cilium&stale=false&q=prod": 4, C: 3,
    f"{C}pools/": 5, f"{C}pools/?q=10.0.0.35": 5,
    f"{C}nodes/": 6, f"{C}nodes/worker-a/": 6,
    f"{C}blocks/": 4, f"{C}pods/": 5, f"{C}pods/{cast.uid(401)}/": 7,
    f"{C}namespaces/": 7, f"{C}namespaces/shop/": 7, f"{C}allocations/": 5,
    f"{C}allocations/?node=worker-a": 6, f"{C}allocations/?family=6": 6,
    f"{C}allocations/?{THEN}": 6, f"{C}nodes/?{THEN}": 11,
    f"{C}nodes/worker-a/?{THEN}": 11, f"{C}blocks/?{THEN}": 7, f"{C}pods/?{THEN}": 7,
    f"{C}pools/?{THEN}": 10, f"{C}pools/?q=10.0.0.35&{THEN}": 10,
    f"{C}namespaces/?{THEN}": 10,
    f"{C}allocations/?since=2026-11-22T12:20:00Z": 5,
    f"{C}allocations/?namespace=default&kind=pod": 6,
    f"{C}allocations/?workload_name=web": 6,
    f"{C}allocations/?pool=cilium-cluster-pool-v4": 6,
    f"{C}addresses/10.0.0.35/": 10,
    f"{C}addresses/10.0.0.35/?at=2026-11-22T12:15:00Z": 12,
    "addresses/10.0.0.35/": 10, f"{C}problems/": 4, f"{C}gaps/": 4, f"{C}runs/": 4,
    f"{C}problems/?kind=pods": 4, f"{C}gaps/?since=2026-11-22T13:00:00Z": 4,
    f"{C}runs/?kind=complete&outcome=ok&since=2026-11-22T13:00:00Z": 4,
    f"{C}reservations/": 4, "findings/": 5, "findings/1/": 5, "usage/": 5, "schema": 2,
    f"{C}nodes/?view=hot": 7, "views/": 5, "views/500/": 5,
}  # fmt: skip


@pytest.mark.parametrize("path", COUNTS)
def test_an_answer_costs_the_same_queries_with_3_nodes_and_with_30(
    reader: Reader, path: str
) -> None:
    cast_people.insert_view(User.objects.get(username="ada"))
    with CaptureQueriesContext(connection) as with_3:
        reader.get(path)
    cast.more_nodes(27)
    with CaptureQueriesContext(connection) as with_30:
        reader.get(path)

    assert (len(with_3), len(with_30)) == (COUNTS[path], COUNTS[path])
