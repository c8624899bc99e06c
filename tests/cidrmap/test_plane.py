from typing import Any

import pytest

from ipamweb.addressing.ranges import Range, parse_address, parse_cidr
from ipamweb.cidrmap import plane as planes
from ipamweb.cidrmap.plane import Plane
from tests.cidrmap.vectors import each, plane_of


@each("sizes")
def test_g1_a_plane_is_as_large_as_the_vectors_say(vector: dict[str, Any]) -> None:
    plane = plane_of(vector)

    assert list(plane.size) == vector["size"]
    if "with_gutters" in vector:
        assert list(planes.size_with_gutters(plane)) == vector["with_gutters"]


@each("places")
def test_g1_an_address_is_where_the_vectors_say_and_back(
    vector: dict[str, Any],
) -> None:
    plane, address = plane_of(vector), parse_address(vector["address"])
    x, y = planes.place(plane, address)

    assert [x, y] == vector["place"]
    assert planes.address_at(plane, x, y) == address
    if "with_gutters" in vector:
        assert list(planes.with_gutters(plane, x, y)) == vector["with_gutters"]


@each("rectangles")
def test_g1_a_cidr_is_the_rectangle_that_the_vectors_say(
    vector: dict[str, Any],
) -> None:
    plane = plane_of(vector)
    x, y, width, height = planes.rectangle_of(plane, parse_cidr(vector["cidr"]))

    assert [x, y, width, height] == vector["rectangle"]
    if "with_gutters" in vector:
        left, top = planes.with_gutters(plane, x, y)
        right, bottom = planes.with_gutters(plane, x + width - 1, y + height - 1)
        spread = [left, top, right - left + 1, bottom - top + 1]
        assert spread == vector["with_gutters"]


@pytest.mark.parametrize("length", range(20, 33))
@pytest.mark.parametrize("base", ["10.134.96.0/20", "10.134.96.0/19"])
def test_g1_the_addresses_of_an_aligned_cidr_fill_one_rectangle(
    base: str, length: int
) -> None:
    plane = Plane(parse_cidr(base), 32)
    size = 1 << (32 - length)
    first = plane.base.first + 5 * size if 5 * size < 4096 else plane.base.first
    block = Range(first, first + size - 1)
    x, y, width, height = planes.rectangle_of(plane, block)

    cells = {planes.place(plane, address) for address in range(first, first + size)}
    assert cells == {
        (column, row) for column in range(x, x + width) for row in range(y, y + height)
    }


@pytest.mark.parametrize("length", [20, 23, 24, 25, 26, 28])
def test_g3_another_node_mask_moves_no_address(length: int) -> None:
    plane = Plane(parse_cidr("10.134.0.0/16"), 32)
    block = parse_cidr(f"10.134.96.0/{length}")

    x, y, _, _ = planes.rectangle_of(plane, block)

    # The plane is not asked for the mask: a block begins where its first address is.
    assert (x, y) == planes.place(plane, block.first) == (0, 96)


def test_what_lies_outside_has_no_place() -> None:
    plane = Plane(parse_cidr("10.134.0.0/16"), 32)

    with pytest.raises(ValueError, match="outside the plane"):
        planes.place(plane, parse_address("10.135.0.0"))
    with pytest.raises(ValueError, match="outside the plane"):
        planes.address_at(plane, 256, 0)
    with pytest.raises(ValueError, match="lies outside"):
        planes.rectangle_of(plane, parse_cidr("10.135.0.0/24"))


def test_a_plane_needs_a_cidr_and_cells_inside_it() -> None:
    with pytest.raises(ValueError, match="no CIDR"):
        Plane(Range(parse_address("10.0.0.1"), parse_address("10.0.0.6")), 32)
    with pytest.raises(ValueError, match="no cells of /16"):
        Plane(parse_cidr("10.134.101.0/24"), 16)
