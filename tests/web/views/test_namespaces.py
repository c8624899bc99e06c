import re

import pytest

from ipamweb.mirror.models import Allocation, Namespace, Pod
from ipamweb.usage import samples
from tests.cast import at
from tests.web.reading import text

NAMESPACES = "/clusters/prod-eu/ns/"


def test_namespaces_stand_with_pods_and_addresses(everybody, reader):
    page = text(reader.get(NAMESPACES))

    assert "batch 3 2 0 default 12 12 12 kube-system 1 0 0 shop 5 4 4" in page


def test_namespaces_are_sorted_by_size(everybody, reader):
    page = text(reader.get(NAMESPACES, {"sort": "-allocated_v4"}))

    assert "default 12 12 12 shop 5 4 4 batch 3 2 0" in page


def test_namespaces_are_found_by_a_part_of_their_name(everybody, reader):
    page = text(reader.get(NAMESPACES, {"q": "hop"}))

    assert "shop 5 4 4" in page
    assert "default 12" not in page


def test_a_filter_that_nothing_passes_says_so(everybody, reader):
    page = text(reader.get(NAMESPACES, {"q": "nothing"}))

    assert "No namespace of prod-eu matches. Clear filter" in page


def test_a_namespace_stands_with_its_allocations(everybody, reader):
    page = text(reader.get(f"{NAMESPACES}shop/"))

    assert "5 pods 4 IPv4 addresses held 4 IPv6 addresses held" in page
    assert "10.0.0.38 pod shop/cart-2 worker-b terminating 1 h ago" in page
    assert "kubernetes.io/metadata.name=shop" in page


def test_a_namespace_without_addresses_says_so(everybody, reader):
    assert "No pod of this namespace holds an address now." in text(
        reader.get(f"{NAMESPACES}kube-system/")
    )


def test_an_unknown_namespace_is_not_found(everybody, reader):
    response = reader.get(f"{NAMESPACES}nothing/")

    assert response.status_code == 404
    assert "There is no namespace nothing in prod-eu, now or before." in text(response)


def test_a_namespace_says_first_what_it_holds_of_the_cluster(everybody, reader):
    page = text(reader.get(f"{NAMESPACES}shop/"))

    assert (
        "Its 5 pods hold 8 addresses: 18\u202f% of the 45 that are held in prod-eu."
    ) in page


def test_a_namespace_without_addresses_says_that_first(everybody, reader):
    page = text(reader.get(f"{NAMESPACES}kube-system/"))

    assert "It has 1 pod, and none of them holds an address." in page
    assert "By workload" not in page


def test_workloads_and_nodes_stand_with_what_they_hold(everybody, reader):
    Pod.objects.filter(name__startswith="cart").update(
        workload_kind="StatefulSet", workload_name="cart"
    )

    page = text(reader.get(f"{NAMESPACES}shop/"))

    assert "StatefulSet cart 3 6 of no workload 1 2" in page
    assert "on 1 of 3 nodes Node Addresses Bar worker-b 8" in page


def test_what_was_handed_out_last_stands_with_its_end(everybody, reader):
    page = text(reader.get(f"{NAMESPACES}batch/"))

    assert "10.0.0.40 batch/done-1 worker-b 1 h ago 1 h ago 10.0.0.35 batch/old-1" in (
        page
    )
    assert "10.0.0.39 batch/job-2 worker-b 1 h ago still held" in page


@pytest.mark.parametrize(
    ("query", "shown", "heading"),
    [
        ("workload=Job%2Fpay", ["10.0.0.37"], "Addresses held by Job pay Show all of"),
        ("node=worker-a", [], "Addresses held on node worker-a Show all of"),
        ("workload=Job%2Fcart", [], "Addresses held by Job cart Show all of"),
    ],
)
def test_the_addresses_of_a_workload_or_a_node_stand_alone(
    everybody, reader, query, shown, heading
):
    Pod.objects.filter(name="pay-1").update(workload_kind="Job", workload_name="pay")

    page = text(reader.get(f"{NAMESPACES}shop/?{query}"))

    assert heading in page
    held = page.partition(heading)[2]
    assert re.findall(r"10\.0\.0\.\d+", held) == shown


def test_the_twin_of_a_namespace_has_the_same_filter(everybody, reader):
    response = reader.get(f"{NAMESPACES}shop/?node=worker-b")

    assert "allocations/?namespace=shop&node=worker-b>" in response["Link"]


def test_the_twin_of_the_list_has_the_same_filter_and_order(everybody, reader):
    response = reader.get(NAMESPACES, {"q": "s&h", "sort": "-pod_count", "cursor": ""})

    assert "/namespaces/?q=s%26h&ordering=-pod_count>" in response["Link"]


def test_a_namespace_shows_the_most_it_held(everybody, reader):
    samples.take(now=at("12:00:00"))
    Namespace.objects.filter(pk=2).update(allocated_v4=9)
    samples.take(now=at("13:30:00"))

    assert (
        "The last 2 hours IPv4 addresses held least 4, most 9, "
        "first 2026-11-22 13:30:00Z"
    ) in text(reader.get("/clusters/prod-eu/ns/shop/"))


def test_a_namespace_says_the_most_it_held_in_its_sentence(everybody, reader):
    samples.take(now=at("12:00:00"))
    Namespace.objects.filter(pk=2).update(allocated_v4=9)
    samples.take(now=at("13:30:00"))

    assert (
        "held in prod-eu. The most in the last 2 hours: 9 IPv4 and 4 IPv6 addresses."
    ) in text(reader.get(f"{NAMESPACES}shop/"))


def test_the_spread_over_the_nodes_is_a_small_wall(everybody, reader):
    response = reader.get(f"{NAMESPACES}shop/")

    assert "On 1 of 3 nodes; at most 8 addresses on one, worker-b." in text(response)
    wide = response.context["page"].spread.wide
    assert [(run.style, run.width) for run in wide.runs] == [
        ("level-2", 1), ("nothing", 2),
    ]  # fmt: skip


def test_ip_hours_of_the_month_stand_with_what_was_not_seen(everybody, reader):
    Allocation.objects.all().delete()

    page = text(reader.get(f"{NAMESPACES}batch/?month=2026-11"))

    # 44 min 55 s for certain, and 10 min 20 s.
    assert "Possibly more, h IPv4 0.75 0.17" in page
    assert (
        "For 21 d of the month so far prod-eu was not seen: who came and went in that "
        "time is missing here."
    ) in page


def test_a_month_without_addresses_says_so(everybody, reader):
    assert "No address was held in 2026-10, as far as it was seen." in text(
        reader.get(f"{NAMESPACES}batch/?month=2026-10")
    )


def test_another_month_is_one_clear_sentence(everybody, reader):
    response = reader.get(f"{NAMESPACES}batch/?month=november")

    assert response.status_code == 400
    assert "month: 'november' is no month, as 2026-11 is one." in text(response)
