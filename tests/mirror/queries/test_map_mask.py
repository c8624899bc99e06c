import pytest

from ipamweb.addressing.ranges import format_address, parse_cidr
from ipamweb.mirror.queries import map_mask
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_filter import NotAFilter
from ipamweb.mirror.queries.map_mask import Mask
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.mirror.queries.conftest import SHOP_ONLY


def mask(
    cluster: ClusterRow, text: str, cidr: str = "10.0.0.0/24", scope: Scope = EVERYTHING
) -> Mask:
    return map_mask.mask(parse_cidr(cidr), text, cluster=cluster, scope=scope)


def lit(found: Mask) -> list[str]:
    """Return the addresses whose bit is set."""
    assert found.bits is not None
    bits = int.from_bytes(found.bits, "big")
    size = found.bounds.size
    return [
        format_address(found.bounds.first + place)
        for place in range(size)
        if bits >> (size - 1 - place) & 1
    ]


SHOP = ["10.0.0.35", "10.0.0.36", "10.0.0.37", "10.0.0.38"]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("ns:shop", SHOP),
        ("pod:cart", ["10.0.0.35", "10.0.0.36", "10.0.0.38"]),
        ("pod:shop/cart-1", ["10.0.0.36"]),
        ("shop/pay", ["10.0.0.37"]),
        ("ns:shop pod:pay", ["10.0.0.37"]),
        ("kind:gw", ["10.0.0.17", "10.0.0.33"]),
        ("kind:health node:worker-b", ["10.0.0.34"]),
        ("zone:eu-b kind:router", ["10.0.0.33"]),
        ("state:terminating", ["10.0.0.38"]),
        ("10.0.0.39", ["10.0.0.39"]),
        ("10.0.0.36/31", ["10.0.0.36", "10.0.0.37"]),
        ("older:90m kind:gw", ["10.0.0.17", "10.0.0.33"]),
        ("older:2h", ["10.0.0.17", "10.0.0.18", "10.0.0.33", "10.0.0.34"]),
        ("job", ["10.0.0.39"]),
        ("ns:nowhere", []),
        ("older:999999w", []),
    ],
)
def test_a_filter_finds_addresses(
    prod: ClusterRow, text: str, addresses: list[str]
) -> None:
    found = mask(prod, text)

    assert lit(found) == addresses
    assert (found.hits, found.of) == (len(addresses), 21)


def test_m6_hits_are_told_by_block_and_node(prod: ClusterRow) -> None:
    found = mask(prod, "kind:pod")

    assert (found.hits, found.nodes, found.unit) == (17, 2, 28)
    # 10.0.0.16/28 and 10.0.0.32/28; an address with two owners is one hit.
    assert found.blocks == ((1, 12), (2, 5))


def test_a_large_range_has_no_bits_and_the_same_hits(prod: ClusterRow) -> None:
    found = mask(prod, "kind:pod", "10.0.0.0/8")

    assert found.bits is None
    assert (found.hits, found.of, found.nodes, found.blocks) == (
        17, 21, 2, ((1, 12), (2, 5)),
    )  # fmt: skip


def test_a_block_larger_than_the_range_counts_from_the_start(prod: ClusterRow) -> None:
    assert mask(prod, "ns:shop", "10.0.0.36/31").blocks == ((0, 2),)


def test_ipv6_is_found_the_same_way(prod: ClusterRow) -> None:
    assert lit(mask(prod, "ns:shop", "fd00::/120")) == [
        "fd00::23", "fd00::24", "fd00::25", "fd00::26",
    ]  # fmt: skip
    assert mask(prod, "fd00::24", "fd00::/64").hits == 1


@pytest.mark.parametrize("text", ["ns:default", "pod:web", "web-01", "batch/job"])
def test_v9_hidden_owners_are_not_found_by_name(prod: ClusterRow, text: str) -> None:
    assert mask(prod, text, scope=SHOP_ONLY).hits == 0
    assert mask(prod, text).hits > 0


def test_v9_what_is_no_name_of_an_owner_is_found_by_everybody(
    prod: ClusterRow,
) -> None:
    assert mask(prod, "kind:pod", scope=SHOP_ONLY).hits == 17
    assert mask(prod, "worker-a", scope=SHOP_ONLY).hits == 14
    assert mask(prod, "ns:shop", scope=SHOP_ONLY).hits == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The filter is empty; its words are ns:, pod:, node:"),
        ("team:a", "'team:a' is no word of a filter: ns:, pod:,"),
        ("ns:", "'ns:' is no word of a filter"),
        ("kind:cheese", "'cheese' is no kind; kinds are pod, router,"),
        ("kind:free", "'free' is no kind"),
        ("state:gone", "'gone' is no state; it is held, terminating, cooling-down"),
        ("older:soon", "'soon' is no age; it is a number of s, m, h, d or w"),
        ("a b c d e f g h i", "The filter has 9 words; at most 8"),
    ],
)
def test_a_filter_that_cannot_be_read_is_one_sentence(
    prod: ClusterRow, text: str, sentence: str
) -> None:
    with pytest.raises(NotAFilter, match=sentence):
        mask(prod, text)


@pytest.mark.parametrize("text", ["%", "_", "'; --", "\\", "ns:%", "pod:_", "a\u202eb"])
def test_signs_of_sql_are_text(prod: ClusterRow, text: str) -> None:
    assert mask(prod, text).hits == 0


def test_hits_in_no_block_count_and_belong_to_none(prod: ClusterRow) -> None:
    cast.allocation(900, "10.0.0.3", owner_key="x", kind="service").save()
    found = mask(prod, "kind:svc")

    assert (lit(found), found.blocks, found.nodes) == (["10.0.0.3"], (), 0)
    assert mask(prod, "kind:svc", "10.0.0.0/8").hits == 1
