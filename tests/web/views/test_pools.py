import pytest

from ipamweb.mirror.models import Pool
from ipamweb.usage import samples
from tests.cast import at
from tests.web.reading import text

C = "/clusters/prod-eu/"
POOL = f"{C}pools/cilium-cluster-pool-v4/"


def test_the_pools_of_a_cluster_are_listed(everybody, reader):
    page = text(reader.get("/clusters/prod-eu/pools/"))

    assert "cilium-cluster-pool-v4 IPv4 10.0.0.0/20" in page
    assert "cilium-cluster-pool-v6 IPv6 fd00::/116" in page


def test_a_cluster_without_pools_says_when_they_appear(everybody, reader):
    assert (
        "No pool is known of lab. Pools appear with the first complete read."
    ) in text(reader.get("/clusters/lab/pools/"))


def test_the_size_opens_to_its_sum(everybody, reader):
    page = text(reader.get(POOL))

    # 256 blocks of /28: 16 addresses each, 2 of them reserved.
    assert "4\u202f096 = 512 reserved + 3\u202f584 capacity" in page
    assert "+ Capacity 3\u202f584 = Free 3\u202f563 + Allocated 21" in page
    assert "= pod 17 + router 2 + health 2" in page


def test_the_blocks_of_a_pool_stand_with_their_nodes(everybody, reader):
    page = text(reader.get(POOL))

    assert "10.0.0.16/28 worker-a ▲▲ 14 14 0 2026-11-22 12:00:00Z" in page
    assert "10.0.0.32/28 worker-b 7 14 7 2026-11-22 12:00:00Z" in page


def test_blocks_go_on_by_cursor(everybody, reader):
    first = reader.get(POOL, {"limit": "2"})

    page = text(first)
    assert "2 blocks shown Next" in page
    assert "worker-c" not in page


def test_a_pool_not_cut_into_blocks_says_so(everybody, reader):
    Pool.objects.get(pk=1).ranges.update(block_prefix_length=None)

    assert "not cut into blocks" in text(reader.get("/clusters/prod-eu/pools/"))


def test_an_unknown_pool_is_not_found(everybody, reader):
    response = reader.get("/clusters/prod-eu/pools/nothing/")

    assert response.status_code == 404
    assert "There is no pool nothing in prod-eu." in text(response)


def test_a_pool_says_how_its_nodes_stand_for_slots(everybody, reader):
    assert "19 of 40 pod slots used on its nodes 48\u202f%" in text(reader.get(POOL))


def test_a_pool_shows_its_peak(everybody, reader):
    Pool.objects.filter(pk=1).update(allocated=24)
    samples.take(now=at("12:00:00"))
    Pool.objects.filter(pk=1).update(allocated=21)
    samples.take(now=at("14:00:00"))

    assert (
        "The last 2 hours Pod slots used least 19, most 19 IPv4 addresses held "
        "least 21, most 24, first 2026-11-22 12:00:00Z"
    ) in text(reader.get(POOL))


@pytest.mark.parametrize("then", ["", "2026-11-22T13:20:00Z"])
def test_the_filters_of_a_view_or_of_an_address_choose_pools(everybody, reader, then):
    at = {"at": then} if then else {}
    page = reader.get(f"{C}pools/", {"q": "10.0.0.35", "system": "cilium", **at})
    none = reader.get(f"{C}pools/", {"network": "storage", **at})

    assert "cilium-cluster-pool-v4" in text(page)
    assert "cilium-cluster-pool-v6" not in text(page)
    assert "Only pools of system cilium, q 10.0.0.35. Clear filter" in text(page)
    assert "Clear filter" not in text(reader.get(f"{C}pools/", at))
    assert "pools/?q=10.0.0.35&system=cilium" in page["Link"].replace("&amp;", "&")
    assert "No pool passes this filter." in text(none)


def test_pools_of_two_instants_are_filtered_too(everybody, reader):
    times = {"at": "2026-11-22T12:40:00Z", "vs": "2026-11-22T12:20:00Z"}
    page = reader.get(f"{C}pools/", {"family": "6", **times})

    assert "cilium-cluster-pool-v6" in text(page)
    assert "cilium-cluster-pool-v4" not in text(page)
    assert "pools/?family=6" in page["Link"]


def test_a_filter_that_is_not_accepted_is_400(everybody, reader):
    page = reader.get(f"{C}pools/", {"family": "5"})

    assert page.status_code == 400
    assert "family: '5' is not accepted. Accepted: 4, 6." in text(page)
