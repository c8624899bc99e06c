"""Two instants of a node side by side."""

import pytest

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.models import Allocation
from tests.web.reading import text

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
