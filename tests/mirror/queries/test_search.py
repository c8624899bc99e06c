import pytest

from ipamweb.mirror.queries import clusters, search
from ipamweb.mirror.queries.search import Found
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import uid
from tests.mirror.queries.conftest import SHOP_ONLY

pytestmark = pytest.mark.usefixtures("people")


def find(text: str, scope: Scope = EVERYTHING) -> Found:
    every = clusters.every(scope=scope, now=cast.NOW)
    return search.find(text, clusters=every, scope=scope)


def hits(text: str, scope: Scope = EVERYTHING) -> list[str]:
    return [
        f"{hit.kind} {hit.range or hit.name}".strip() for hit in find(text, scope).hits
    ]


@pytest.mark.parametrize(
    "text",
    [" fd00::13 ", "FD00:0:0:0:0:0:0:13", "fd00::0013", "fd00:0000::13"],
)
def test_an_address_is_found_in_any_spelling(text: str) -> None:
    (hit,) = find(text).hits

    assert (hit.kind, hit.cluster) == ("address", "prod-eu")


def test_an_ipv4_address_is_found_in_its_mapped_spelling_too() -> None:
    assert find("::ffff:10.0.0.19").address == find("10.0.0.19").address


def test_an_address_comes_with_what_each_cluster_knows() -> None:
    (answer,) = find("10.0.0.19").answers

    assert [row.pod for row in answer.holders] == ["web-01"]


def test_an_address_that_no_cluster_knows_is_understood_and_not_found() -> None:
    found = find("203.0.113.7")

    assert found.address is not None
    assert (found.hits, found.refusal) == ((), "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.0.0.16/28", ["block 10.0.0.16/28", "pool 10.0.0.0/20"]),
        ("10.0.0.17/28", ["block 10.0.0.16/28", "pool 10.0.0.0/20"]),
        ("10.0.0.0/20", ["pool 10.0.0.0/20", "block 10.0.0.16/28",
                         "block 10.0.0.32/28", "block 10.0.0.48/28"]),
        ("fd00::20/125", ["block fd00::20/124", "pool fd00::/116"]),
        ("192.0.2.0/24", []),
        ("web-01", ["pod web-01"]),
        ("WEB-01", ["pod web-01"]),
        ("shop/cart-1", ["pod cart-1"]),
        ("shop/pay", ["pod pay-1"]),
        ("shop/", ["pod cart-0", "pod cart-1", "pod cart-2", "pod pay-1",
                   "pod wait-0"]),
        ("worker-b", ["node worker-b"]),
        ("worker", ["node worker-a", "node worker-b", "node worker-c"]),
        ("shop", ["namespace shop"]),
        ("prod", ["cluster prod-eu"]),
        ("pool-v6", ["pool cilium-cluster-pool-v6"]),
        ("batch/old-1", ["pod old-1"]),
        ("old-1", []),
        (uid(451), ["pod old-1"]),
        ("nobody-here", []),
        ("100%", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_finds(text: str, found: list[str]) -> None:
    assert hits(text) == found


def test_an_exact_name_comes_before_one_that_begins_with_it() -> None:
    cast.pod(490, "default/worker", phase="Pending")

    assert hits("worker")[0] == "pod worker"


def test_a_pod_that_is_gone_says_so() -> None:
    (hit,) = find("batch/old-1").hits

    assert (hit.gone, hit.uid) == (True, uid(451))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10.0.0.999", "'10.0.0.999' is not an IP address"),
        ("10.0.0.0/33", "'10.0.0.0/33': the prefix length is at most 32"),
        ("fe80::1%eth0", "'fe80::1%eth0' carries a zone id"),
    ],
)
def test_what_looks_like_an_address_and_is_none_is_told_so(
    text: str, sentence: str
) -> None:
    assert find(text).refusal.startswith(sentence)


def test_pods_and_namespaces_outside_the_scope_are_not_found() -> None:
    assert hits("web-01", SHOP_ONLY) == []
    assert hits(uid(401), SHOP_ONLY) == []
    assert hits("default", SHOP_ONLY) == []
    assert hits("cart-1", SHOP_ONLY) == ["pod cart-1"]


def test_an_address_outside_the_scope_is_found_without_its_owner() -> None:
    (answer,) = find("10.0.0.19", SHOP_ONLY).answers

    assert [(row.owner_hidden, row.pod) for row in answer.holders] == [(True, "")]
