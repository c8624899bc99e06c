"""The overview: sentences first, and numbers that are those of REST."""

import re
from datetime import timedelta

import pytest

from ipamweb.mirror.models import Cluster, Node, Pool
from ipamweb.usage import samples
from tests import cast
from tests.web.reading import parsed, text

PROD = "/clusters/prod-eu/"
API = f"/api/v1{PROD}"


@pytest.fixture
def page(everybody, reader) -> str:
    return text(reader.get(PROD))


def test_the_first_sentence_says_what_is_left_of_the_fullest_pool(page):
    sentence = (
        "cilium-cluster-pool-v4 is the fullest pool: 253 of its 256 /28 blocks are "
        "left, and 21 of 40 pod slots of its nodes are free."
    )

    assert sentence in page
    assert page.index(sentence) < page.index("1 node has fewer than")


def test_a_pool_given_away_whole_says_what_follows(everybody, reader):
    Pool.objects.filter(pk=2).update(blocks_assigned=256)
    page = text(reader.get(PROD))

    assert (
        "cilium-cluster-pool-v6 is the fullest pool: none of its 256 /124 blocks is "
        "left, so a further node gets none"
    ) in page
    assert "cilium-cluster-pool-v6 has 256 of 256 /124 blocks assigned" in page


def test_a_pool_that_is_not_cut_is_told_by_its_addresses(everybody, reader):
    Pool.objects.filter(pk=2).delete()
    Pool.objects.get(pk=1).ranges.update(block_prefix_length=None)

    # 4096 less the first and the last address, and the 21 that are held.
    assert "the fullest pool: 4\u202f073 of its addresses are free" in text(
        reader.get(PROD)
    )


def test_overview_numbers_equal_the_counters_of_rest_V2(everybody, reader):
    """V-2: assigned blocks, held addresses and used slots are numbers of their own."""
    page = text(reader.get(PROD))
    cluster = reader.get(API).json()
    nodes = reader.get(f"{API}nodes/").json()["results"]
    used = sum(node["slots_used"] for node in nodes)
    total = sum(int(node["slots_total"]) for node in nodes)

    assert (
        f"{cluster['nodes']} nodes {cluster['pods']} pods {cluster['allocations']} "
        f"addresses held {cluster['pools']} pools"
    ) in page
    for pool in reader.get(f"{API}pools/").json()["results"]:
        (numbers,) = pool["families"].values()
        row = page.partition(f"{pool['slug']} IPv")[2]
        assert f"{pool['blocks_assigned']} of {pool['blocks_total']} /" in row
        assert f"{numbers['allocated']} of 3\u202f584" in row
        assert numbers["capacity"] == "3584"
        assert f"{used} of {total} 48\u202f%" in row


def test_more_pods_than_slots_are_not_more_than_all_of_them(everybody, reader):
    Node.objects.update(slots_used=500, slots_total=500, slots_free=0)
    page = text(reader.get(PROD))

    assert all(
        int(share.replace("\u202f", "")) <= 100
        for share in re.findall(r"([\d\u202f]+)\u202f%", page)
    )


def test_the_nodes_are_told_by_the_share_of_slots_used(page):
    assert (
        "Half of the nodes use 46\u202f% of their pod slots or less, 19 in 20 use "
        "100\u202f% or less; the fullest uses 100\u202f%."
    ) in page


def test_before_the_first_sample_no_line_is_drawn(everybody, reader):
    tags = {value for _, name, value in parsed(reader.get(PROD)).attributes if name}

    assert "spark" not in tags
    assert "chart-middle" not in tags


def test_with_samples_each_pool_has_a_line_that_is_told_in_words(everybody, reader):
    samples.take(now=cast.AS_OF - timedelta(hours=1))
    Cluster.objects.filter(pk=1).update(as_of=cast.AS_OF)
    samples.take(now=cast.AS_OF)
    labels = [
        value
        for _, name, value in parsed(reader.get(PROD)).attributes
        if name == "aria-label" and value.startswith("Pod slots used")
    ]

    assert len(labels) == 2
    assert labels[0].startswith("Pod slots used, 1 hour: least 19, most 19")


def test_what_came_and_went_in_the_last_hour_is_a_figure(everybody, reader):
    earlier = cast.AS_OF - timedelta(minutes=5)
    Cluster.objects.filter(pk=1).update(as_of=earlier)
    samples.take(now=earlier)
    cast.hold(
        cast.pod(602, "shop/long-1", addresses="10.0.0.42"),
        602,
        opened_generation=9,
        changed_generation=9,
    )
    Cluster.objects.filter(pk=1).update(generation=9, as_of=cast.AS_OF)
    samples.take(now=cast.AS_OF)

    assert "+1 −0" in text(reader.get(PROD))


def test_a_cluster_that_was_never_read_has_no_chart(everybody, reader):
    page = text(reader.get("/clusters/lab/"))

    assert "Nodes by pod slots used" not in page
    assert "fullest pool" not in page
