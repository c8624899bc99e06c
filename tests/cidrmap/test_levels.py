from typing import Any

import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.cidrmap import levels
from tests.cidrmap.vectors import each, plane_of


@each("paths")
def test_a_path_leads_down_by_the_cuts_of_the_plane(vector: dict[str, Any]) -> None:
    found = levels.path(plane_of(vector), parse_cidr(vector["cidr"]))

    assert [str(block) for block in found] == vector["path"]


@each("children")
def test_a_level_has_at_most_256_children_in_address_order(
    vector: dict[str, Any],
) -> None:
    found = levels.children(plane_of(vector), parse_cidr(vector["cidr"]))

    assert len(found) == vector["count"]
    ends = [str(found[0]), str(found[-1])] if found else [None, None]
    assert ends == [vector.get("first"), vector.get("last")]


@each("stops")
def test_what_is_drawn_follows_from_the_side_of_a_24(vector: dict[str, Any]) -> None:
    assert levels.stop_at(vector["side"]).name == vector["stop"]


def test_what_lies_outside_the_plane_has_no_path() -> None:
    plane = plane_of({"base": "10.134.0.0/16", "leaf": 32})

    with pytest.raises(ValueError, match="has no place on"):
        levels.path(plane, parse_cidr("10.135.0.0/24"))
