import re

import pytest

from ipamweb.mirror.models import Node
from ipamweb.usage import samples
from tests import cast
from tests.cast import at
from tests.web.reading import links, text

NODES = "/clusters/prod-eu/nodes/"


def names(response):
    found = [re.fullmatch(rf"{NODES}(worker-[\w]+)/", link) for link in links(response)]
    return [match[1] for match in found if match]


def test_each_node_stands_with_slots_addresses_and_blocks(everybody, reader):
    page = text(reader.get(NODES))

    assert (
        "worker-a eu-a general Ready ▲▲ 13 of 13 0 14 of 14 14 "
        "10.0.0.16/28 fd00::10/124"
    ) in page
    assert "worker-c eu-b general Not ready 0 of 14 14 0 of 14 0" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["worker-a", "worker-b", "worker-c"]),
        ({"sort": "-name"}, ["worker-c", "worker-b", "worker-a"]),
        ({"sort": "slots_free"}, ["worker-a", "worker-b", "worker-c"]),
        ({"sort": "-slots_free"}, ["worker-c", "worker-b", "worker-a"]),
        ({"zone": "eu-b"}, ["worker-b", "worker-c"]),
        ({"q": "er-b"}, ["worker-b"]),
        ({"node_pool": "general", "zone": "eu-a"}, ["worker-a"]),
    ],
)
def test_nodes_are_sorted_and_filtered(everybody, reader, query, expected):
    assert names(reader.get(NODES, query)) == expected


def test_a_filter_that_nothing_passes_says_of_how_many(everybody, reader):
    page = text(reader.get(NODES, {"q": "nothing"}))

    assert "0 of 3 nodes match. Clear filter" in page


def test_pages_of_nodes_follow_each_other_and_keep_the_filter(everybody, reader):
    cast.more_nodes(6)
    first = reader.get(NODES, {"limit": "2", "q": "worker-x", "sort": "-name"})
    (following,) = [link for link in links(first) if "cursor=" in link]
    second = reader.get(following)

    assert names(first) == ["worker-x05", "worker-x04"]
    assert names(second) == ["worker-x03", "worker-x02"]


def test_a_foreign_cursor_is_one_clear_sentence(everybody, reader):
    response = reader.get(NODES, {"cursor": "nonsense"})

    assert response.status_code == 400
    assert "cursor: this cursor was not made for this list and order" in text(response)


def test_a_sheet_out_of_range_is_one_clear_sentence(everybody, reader):
    response = reader.get(f"{NODES}worker-a/", {"sheet": "2"})

    assert response.status_code == 400
    assert "sheet: '2' is out of range; accepted are 1 to 1." in text(response)


def test_a_node_says_what_limits_its_slots(everybody, reader):
    page = text(reader.get(f"{NODES}worker-b/"))

    assert "6 of 13 pod slots 46\u202f%" in page
    assert (
        "7 free. The node may run 110 pods, but its free addresses allow no more "
        "than 13."
    ) in page


def test_a_node_that_states_no_max_pods_says_so(everybody, reader):
    Node.objects.filter(pk=everybody.worker_b.pk).update(max_pods=None)

    assert (
        "The node does not say how many pods it may run, so the slots are its "
        "addresses."
    ) in text(reader.get(f"{NODES}worker-b/"))


def test_more_pods_than_allowed_is_told_in_numbers(everybody, reader):
    Node.objects.filter(pk=everybody.worker_a.pk).update(
        max_pods=110, slots_used=112, slots_free=0, slots_total=112
    )

    assert "▲▲ 112 of 110 pod slots 100\u202f%" in text(reader.get(f"{NODES}worker-a/"))


def test_the_grid_shows_each_address_of_the_block(everybody, reader):
    page = text(reader.get(f"{NODES}worker-b/"))

    assert (
        ".32 32 res 33 gw 34 hc 35 pod 36 pod 37 pod 38 pod 39 dup 40 41 42 43 44 45 "
        "46 47 res"
    ) in page
    assert "20 20 res 21 gw 22 hc 23 pod 24 pod 25 pod 26 pod 27 28" in page


def test_cells_lead_to_pods_and_addresses(everybody, reader):
    found = links(reader.get(f"{NODES}worker-b/"))

    assert "/clusters/prod-eu/pods/shop/cart-0/" in found
    assert "/clusters/prod-eu/ip/10.0.0.40" in found
    assert "/clusters/prod-eu/ip/fd00::21" in found


def test_ipv4_has_a_share_and_ipv6_none(everybody, reader):
    page = text(reader.get(f"{NODES}worker-b/"))

    assert "7 of 14 IPv4 addresses 50\u202f%" in page
    assert "6 IPv6 addresses held 16 = 2 reserved" in page


def test_allocations_stand_below_with_their_owners(everybody, reader):
    page = text(reader.get(f"{NODES}worker-b/"))

    assert "10.0.0.35 pod shop/cart-0" in page
    assert "10.0.0.39 pod batch/job-2 held second owner" in page
    assert "10.0.0.38 pod shop/cart-2 terminating" in page
    assert "192.0.2.12 node node" in page


def test_pods_without_an_address_are_named(everybody, reader):
    assert "Without an address batch/done-1 Succeeded" in text(
        reader.get(f"{NODES}worker-b/")
    )
    assert "hold none. kube-system/proxy-a" in text(reader.get(f"{NODES}worker-a/"))


def test_a_node_that_is_gone_keeps_its_page(everybody, reader):
    Node.objects.filter(pk=everybody.worker_b.pk).update(gone_at=cast.at("13:00:00"))

    assert (
        "gone The node was last seen 2026-11-22 13:00:00Z. Its block was not released."
    ) in text(reader.get(f"{NODES}worker-b/"))


def test_a_node_without_a_block_has_no_grid(everybody, reader):
    everybody.worker_c.blocks.update(valid_to=cast.at("13:00:00"))

    assert "The node has no block, so there is no grid." in text(
        reader.get(f"{NODES}worker-c/")
    )


def test_an_unknown_node_is_not_found(everybody, reader):
    response = reader.get(f"{NODES}worker-z/")

    assert response.status_code == 404
    assert "There is no node worker-z in prod-eu." in text(response)


def test_the_grid_is_filled_by_owner_namespace_or_age(everybody, reader):
    found = links(reader.get(f"{NODES}worker-b/", {"fill": "ns"}))

    assert f"{NODES}worker-b/#addresses" in found
    assert f"{NODES}worker-b/?fill=age#addresses" in found
    assert f"{NODES}worker-b/?fill=ns&ns=batch#addresses" in found


def test_the_largest_namespace_is_lit_unless_another_is_named(everybody, reader):
    page = text(reader.get(f"{NODES}worker-b/", {"fill": "ns"}))
    other = text(reader.get(f"{NODES}worker-b/", {"fill": "ns", "ns": "batch"}))

    assert "pod shop pod everything else that is held or reserved" in page
    assert "pod batch pod everything else" in other


def test_a_fill_that_is_none_is_refused_in_a_sentence(everybody, reader):
    answer = reader.get(f"{NODES}worker-b/", {"fill": "zone"})

    assert answer.status_code == 400
    assert "it is one of owner, ns, age." in text(answer)


def test_a_node_shows_how_it_went_with_its_peak(everybody, reader):
    samples.take(now=at("12:00:00"))
    Node.objects.filter(pk=2).update(allocated_v4=11)
    samples.take(now=at("13:30:00"))

    page = text(reader.get("/clusters/prod-eu/nodes/worker-b/"))

    assert (
        "The last 2 hours Pod slots used least 6, most 6 "
        "IPv4 addresses held least 7, most 11, first 2026-11-22 13:30:00Z "
        "IPv6 addresses held least 6, most 6, first 2026-11-22 12:00:00Z"
    ) in page


def test_kinds_of_owners_are_counted_with_the_oldest_pod(everybody, reader):
    page = text(reader.get(f"{NODES}worker-b/"))

    assert "Kind held pod pod 10 gw router 2 hc health check 2 node node 1" in page
    assert "of these, terminating 2 Oldest pod: shop/cart-0, created 1 h ago" in page


def test_the_command_that_asks_kubernetes_is_quoted(everybody, reader):
    Node.objects.filter(pk=2).update(name="a;b")

    assert (
        "kubectl get pods --all-namespaces -o wide --field-selector 'spec.nodeName=a;b'"
    ) in text(reader.get(f"{NODES}a;b/"))


def test_v1_the_cells_match_what_rest_says(everybody, reader):
    rows = reader.get(
        "/api/v1/clusters/prod-eu/allocations/?node=worker-b&family=4"
    ).json()["results"]
    kinds = {row["address"]: row["kind"] for row in rows}
    cells = re.findall(
        r'<td class="kind-(\w+)[^"]*"><a href="[^"]*" title="(10[^,"]*),',
        reader.get(f"{NODES}worker-b/").content.decode(),
    )

    assert len(cells) == 9
    for kind, address in cells:
        expected = kinds.get(address, "reserved")
        assert kind == ("conflict" if address == "10.0.0.39" else expected)


def test_the_twin_of_the_list_has_the_same_filter_and_order(everybody, reader):
    response = reader.get(NODES, {"zone": "eu-b", "sort": "-slots_used", "group": ""})

    assert "/nodes/?zone=eu-b&ordering=-slots_used>" in response["Link"]
