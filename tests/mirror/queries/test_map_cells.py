import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Allocation, Block, Pool
from ipamweb.mirror.queries import map_cells
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.mirror.queries.conftest import SHOP_ONLY


def cells(cluster: ClusterRow, cidr: str) -> str:
    found = map_cells.cells(parse_cidr(cidr), cluster=cluster, scope=EVERYTHING)
    return found.hex(" ")


def test_a_block_is_told_address_for_address(prod: ClusterRow) -> None:
    # Reserved, router, health, three pods, one being deleted, one with two owners.
    assert cells(prod, "10.0.0.32/28") == (
        "05 02 03 01 01 01 11 41 00 00 00 00 00 00 00 05"
    )


def test_what_is_in_no_block_is_255(prod: ClusterRow) -> None:
    assert cells(prod, "10.0.0.0/29") == " ".join(["ff"] * 8)


def test_a_reservation_is_told_where_there_is_a_block(prod: ClusterRow) -> None:
    # .60 and .61 are kept for the load balancer, .63 ends the block.
    assert cells(prod, "10.0.0.56/29") == "00 00 00 00 05 05 00 05"


def test_ipv6_is_told_the_same_way(prod: ClusterRow) -> None:
    assert cells(prod, "fd00::20/125") == "05 02 03 01 01 01 11 00"


def test_a_part_of_a_block_is_that_part(prod: ClusterRow) -> None:
    assert cells(prod, "10.0.0.38/31") == "11 41"


def test_a_held_address_in_no_block_is_told_as_held(prod: ClusterRow) -> None:
    assert cells(prod, "192.0.2.10/31") == "ff 08"


def test_a_reserved_address_that_is_held_is_told_as_held(prod: ClusterRow) -> None:
    cast.allocation(900, "10.0.0.48", owner_key="pod-900").save()

    assert cells(prod, "10.0.0.48/31") == "01 00"


def test_a_pod_on_another_node_than_the_blocks_has_borrowed(prod: ClusterRow) -> None:
    cast.allocation(900, "10.0.0.50", owner_key="pod-900", node_id=1).save()

    assert cells(prod, "10.0.0.50/31") == "81 00"


def test_an_address_that_cools_down_has_no_kind(prod: ClusterRow) -> None:
    cast.allocation(900, "10.0.0.50", owner_key="x", released_at=cast.AS_OF).save()

    assert cells(prod, "10.0.0.50/31") == "0c 00"


def test_another_network_and_another_family_are_not_drawn(prod: ClusterRow) -> None:
    cast.allocation(900, "10.0.0.50", owner_key="x", network="blue").save()

    assert cells(prod, "10.0.0.50/31") == "00 00"
    # ::ffff:10.0.0.50 lies in it, and is IPv4.
    assert cells(prod, "::/127") == "ff ff"


def test_the_bytes_are_the_same_for_every_reader(prod: ClusterRow) -> None:
    bounds = parse_cidr("10.0.0.0/20")

    assert map_cells.cells(bounds, cluster=prod, scope=SHOP_ONLY) == map_cells.cells(
        bounds, cluster=prod, scope=EVERYTHING
    )


def test_v2_held_bytes_are_as_many_as_the_counters_say(prod: ClusterRow) -> None:
    for pool, cidr in [(1, "10.0.0.0/20"), (2, "fd00::/116")]:
        found = map_cells.cells(parse_cidr(cidr), cluster=prod, scope=EVERYTHING)
        held = sum(byte not in (0x00, 0x05, 0xFF) for byte in found)
        assert held == Pool.objects.get(pk=pool).allocated


def test_65536_addresses_are_told_and_no_more(prod: ClusterRow) -> None:
    bounds = parse_cidr("10.0.0.0/16")
    found = map_cells.cells(bounds, cluster=prod, scope=EVERYTHING)

    assert len(found) == 65_536
    with pytest.raises(ValueError, match="more than 65536"):
        map_cells.cells(parse_cidr("10.0.0.0/15"), cluster=prod, scope=EVERYTHING)


def test_a_block_that_ended_is_none(prod: ClusterRow) -> None:
    Allocation.objects.all().delete()
    Block.objects.filter(node_name="worker-b").update(valid_to=cast.AS_OF)

    assert cells(prod, "10.0.0.32/31") == "ff ff"
