"""No page is larger than 200 kB, however large the cluster."""

import pytest

from ipamweb.addressing.ranges import parse_address, parse_cidr
from ipamweb.mirror.models import Block, Cluster, Node, Pod, Pool, PoolRange
from tests import cast
from tests.cast import at
from tests.web.reading import text

MOST_BYTES = 200_000
# As long as generated names are: a long workload, a hash, a suffix.
NAME = "checkout-recommendations-of-the-week-7f9c6d5b8d"


@pytest.fixture
def crowded(everybody):
    """A namespace of 120 pods of one workload, each with two addresses of worker-c."""
    node = Node.objects.get(pk=3)
    for number, cidr in ((3, "10.0.9.0/24"), (6, "fd00::9:0/120")):
        bounds = parse_cidr(cidr)
        Block.objects.filter(pk=number).update(first=bounds.first, last=bounds.last)
    for number in range(120):
        owner = cast.pod(
            2000 + number,
            f"shop/{NAME}-{number:05}",
            node=node,
            workload_kind="Deployment",
            workload_name=NAME,
            addresses=f"10.0.9.{number} fd00::9:{number:x}",
        )
        cast.hold(owner, 5000 + 2 * number, node_id=3)


def ranges(count):
    """Let both clusters use the same addresses, in pieces that lie apart."""
    for cluster in Cluster.objects.all():
        pool = Pool.objects.create(
            cluster=cluster,
            slug="pieces",
            name="pieces",
            system="cilium",
            family=4,
            capacity_rule="cilium-host-scope",
            first_seen=at("12:00:00"),
        )
        first = parse_address("10.8.0.0")
        PoolRange.objects.bulk_create(
            PoolRange(
                pool=pool,
                family=4,
                first=first + 512 * number,
                last=first + 512 * number + 255,
                valid_from=at("12:00:00"),
            )
            for number in range(count)
        )


@pytest.mark.parametrize(
    "path",
    ["ns/shop/", f"pods/shop/{NAME}-00007/", "nodes/worker-c/"],
)
def test_a_page_of_a_crowded_namespace_is_small(crowded, reader, path):
    response = reader.get(f"/clusters/prod-eu/{path}")

    assert response.status_code == 200
    assert len(response.content) < MOST_BYTES


def test_the_addresses_of_a_full_node_stand_in_parts(crowded, reader):
    first = text(reader.get("/clusters/prod-eu/nodes/worker-c/"))
    last = text(reader.get("/clusters/prod-eu/nodes/worker-c/?rows=3"))

    # 240 of pods and the node's own.
    assert "Allocations (241) 1–100 101–200 201–241" in first
    assert "10.0.9.99 pod" in first
    assert "10.0.9.100 pod" not in first.partition("Allocations (241)")[2]
    assert "fd00::9:77 pod" in last
    assert reader.get("/clusters/prod-eu/nodes/worker-c/?rows=4").status_code == 400


def test_a_pod_shows_the_first_of_many_siblings(crowded, reader):
    page = text(reader.get(f"/clusters/prod-eu/pods/shop/{NAME}-00007/"))

    assert "by name; the first 24" in page
    assert f"{NAME}-00024" in page
    assert f"{NAME}-00025" not in page
    assert Pod.objects.filter(workload_name=NAME).count() == 120


def test_a_plan_of_a_thousand_ranges_is_small_and_counts_them(everybody, reader):
    ranges(500)

    response = reader.get("/plan/")

    assert len(response.content) < MOST_BYTES
    assert "2 clusters use 1\u202f002 ranges; 500 pairs of them" in text(response)
    assert "Only the first 150 ranges are shown" in text(response)
