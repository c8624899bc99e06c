"""Two instants of a node side by side."""

import pytest

from ipamweb.addressing.ranges import format_address
from ipamweb.cidrmap.sizes import THIN_SPACE
from ipamweb.mirror.models import Allocation, Node
from tests import cast
from tests.web.reading import links, parsed, text

NODE = "/clusters/prod-eu/nodes/worker-b/"
DAY = "2026-11-22T"


def compared(reader, at, vs, node=NODE):
    return text(reader.get(node, {"at": f"{DAY}{at}Z", "vs": f"{DAY}{vs}Z"}))


def test_V8_marks_are_the_difference_of_two_sets(everybody, reader):
    page = compared(reader, "12:40:00", "12:20:00")

    assert (
        "From 2026-11-22 12:20:00Z to 2026-11-22 12:40:00Z: "
        "9 new, 0 gone, 1 changed hands."
    ) in page
    assert "10.0.0.35 ~ changed hands pod batch/old-1 pod shop/cart-0" in page
    assert "10.0.0.39 + new – pod batch/job-1 and pod batch/job-2" in page
    assert "10.0.0.40 + new – pod batch/done-1" in page
    before = {"10.0.0.33", "10.0.0.34", "10.0.0.35", "192.0.2.12"}
    before |= {"fd00::21", "fd00::22"}
    held = Allocation.objects.filter(node_id=2).values_list("address", flat=True)
    after = {format_address(address) for address in held} | {"10.0.0.40"}
    assert len(after - before) == 9


def test_the_earlier_instant_comes_first_whichever_is_shown(everybody, reader):
    page = compared(reader, "12:40:00", "13:30:00")

    assert (
        "From 2026-11-22 12:40:00Z to 2026-11-22 13:30:00Z: "
        "0 new, 1 gone, 0 changed hands."
    ) in page
    assert "10.0.0.40 − gone pod batch/done-1 –" in page


def test_the_present_is_compared_with_the_past(everybody, reader):
    page = text(reader.get(NODE, {"vs": f"{DAY}12:40:00Z"}))

    assert "0 new, 1 gone, 0 changed hands." in page


def test_without_another_instant_nothing_is_compared(everybody, reader):
    page = text(reader.get(NODE))

    assert "Compare with (UTC)" in page
    assert "changed hands" not in page


@pytest.mark.parametrize("vs", ["yesterday", "0001-01-01T00:00:00Z"])
def test_what_is_no_instant_is_one_clear_sentence(everybody, reader, vs):
    assert reader.get(NODE, {"vs": vs}).status_code == 400


MAP = "/clusters/prod-eu/pools/cilium-cluster-pool-v4/map/"
BESIDE = {"at": f"{DAY}12:40:00Z", "vs": f"{DAY}12:20:00Z"}


def marks_of(page):
    """Return the cells of a tile that differ: their titles by class."""
    found = {}
    attributes = parsed(page).attributes
    for (tag, name, value), (_, _, title) in zip(
        attributes, attributes[1:] + [("", "", "")], strict=False
    ):
        if (tag, name) == ("td", "class") and value.startswith("kind-"):
            found.setdefault(value, []).append(title)
    return found


def test_V8_the_map_without_a_picture_marks_the_same_difference(everybody, reader):
    page = reader.get(f"{MAP}10.0.0.32/28", BESIDE)
    words = text(page)

    assert "Compared: 2026-11-22 12:20:00Z with 2026-11-22 12:40:00Z" in words
    assert (
        "10.0.0.35 ~ held pod shop/cart-0 worker-b 2026-11-22 12:30:00Z "
        "~ changed hands; at the other instant pod batch/old-1"
    ) in words
    found = {name: len(cells) for name, cells in marks_of(page).items()}
    assert found == {"kind-same": 2, "kind-changed": 1, "kind-new": 5}
    assert "+ New 5 − Gone 0 ~ Changed hands 1" in words
    legend = "held at neither = held by the same − gone + new ~ changed hands"
    assert legend in words


def test_a_level_of_blocks_counts_what_differs_below_it(everybody, reader):
    words = text(reader.get(f"{MAP}10.0.0.0/20", BESIDE))

    assert "3 of 16 blocks 20 of 40 22 of 42 +17 ~1" in words
    assert "+ more held after − fewer held after" in words


def test_the_way_on_a_map_keeps_both_instants(everybody, reader):
    page = reader.get(f"{MAP}10.0.0.0/24", BESIDE)
    here = f"{MAP}10.0.0.0/24"
    others = [href for href in links(page) if href.partition("?")[0] != here]
    below = [href for href in others if "/map/" in href]

    assert below
    assert all("at=" in href and "vs=" in href for href in below)
    assert "/api/v1/clusters/prod-eu/children/10.0.0.0/24/" in page["Link"]
    assert "vs=2026-11-22T12%3A20%3A00Z&at=2026-11-22T12%3A40%3A00Z" in page["Link"]


def test_one_click_leads_out_of_a_comparison_and_stays_in_the_past(everybody, reader):
    found = links(reader.get(f"{MAP}10.0.0.0/24", BESIDE))

    assert f"{MAP}10.0.0.0/24?at=2026-11-22T12%3A40%3A00Z" in found


def test_before_history_there_is_nothing_to_compare(everybody, reader):
    page = reader.get(f"{MAP}10.0.0.0/24", {"vs": f"{DAY}11:00:00Z"})

    assert page.status_code == 400
    assert "of an instant before it there is nothing to compare" in text(page)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nodes/", "worker-b 7 +6 8 +5 6 +4"),
        ("pools/", "cilium-cluster-pool-v4 3 0 22 +17"),
        ("ns/", "batch 3 +2 3 +2 0 0"),
    ],
)
def test_a_list_has_what_differs_beside_each_number(everybody, reader, path, words):
    page = reader.get(f"/clusters/prod-eu/{path}", BESIDE)

    assert words in text(page).replace(THIN_SPACE, " ")
    assert "Δ is the later number less the earlier" in text(page)
    assert "vs=2026-11-22T12%3A20%3A00Z" in page["Link"]


def test_a_node_that_is_gone_stands_in_the_list_with_its_mark(everybody, reader):
    Node.objects.filter(name="worker-c").update(
        gone_at=cast.at("12:30:00"), gone_by=cast.at("12:30:05")
    )
    page = text(reader.get("/clusters/prod-eu/nodes/", BESIDE))

    assert "worker-c − gone" in page
