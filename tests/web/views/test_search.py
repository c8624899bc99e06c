import pytest

from tests import cast
from tests.web.reading import text


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("10.0.0.35", "/clusters/prod-eu/ip/10.0.0.35"),
        (" FD00:0::23 ", "/clusters/prod-eu/ip/fd00::23"),
        ("10.0.0.32/28", "/clusters/prod-eu/nodes/worker-b/"),
        ("10.0.0.0/20", "/clusters/prod-eu/pools/cilium-cluster-pool-v4/"),
        ("shop/cart-0", "/clusters/prod-eu/pods/shop/cart-0/"),
        ("web-03", "/clusters/prod-eu/pods/default/web-03/"),
        (cast.uid(451), f"/clusters/prod-eu/pod/{cast.uid(451)}/"),
        ("worker-a", "/clusters/prod-eu/nodes/worker-a/"),
        ("shop", "/clusters/prod-eu/ns/shop/"),
        ("lab", "/clusters/lab/"),
    ],
)
def test_one_exact_hit_leads_straight_to_its_page(everybody, reader, query, path):
    response = reader.get("/search", {"q": query})

    assert (response.status_code, response["Location"]) == (302, path)


def test_several_hits_stand_in_groups(everybody, reader):
    page = text(reader.get("/search", {"q": "worker"}))

    assert "Nodes found What Cluster Note worker-a prod-eu worker-b prod-eu" in page


def test_a_cidr_finds_the_blocks_and_pools_that_share_addresses(everybody, reader):
    page = text(reader.get("/search", {"q": "10.0.0.0/26"}))

    assert "10.0.0.16/28 prod-eu of node worker-a" in page
    assert "cilium-cluster-pool-v4 10.0.0.0/20 prod-eu" in page


def test_a_cidr_with_host_bits_is_one_clear_sentence(everybody, reader):
    page = text(reader.get("/search", {"q": "10.0.0.5/24"}))

    assert "'10.0.0.5/24' has host bits set; the CIDR is 10.0.0.0/24." in page


def test_an_address_with_a_zone_id_is_one_clear_sentence(everybody, reader):
    page = text(reader.get("/search", {"q": "fe80::1%eth0"}))

    assert "'fe80::1%eth0' carries a zone id; an address in a cluster has none." in page


def test_what_is_unknown_is_said(everybody, reader):
    page = text(reader.get("/search", {"q": "nothing-at-all"}))

    assert "Nothing is known of “nothing-at-all” in any cluster." in page


def test_without_a_text_the_box_says_what_it_takes(everybody, reader):
    assert "Type an address in any spelling, a CIDR, a pod" in text(
        reader.get("/search")
    )


def test_a_text_without_end_is_one_clear_sentence(everybody, reader):
    response = reader.get("/search", {"q": "x" * 400})

    assert response.status_code == 400
    assert "q: at most 300 characters of text are accepted." in text(response)


def test_suggestions_are_the_best_hits_with_where_they_lead(everybody, reader):
    response = reader.get("/search/suggestions", {"q": "shop"})

    assert text(response) == "1 suggestion shop namespace · prod-eu"
    assert 'data-path="/clusters/prod-eu/ns/shop/"' in response.content.decode()


def test_suggestions_are_few(everybody, reader):
    page = text(reader.get("/search/suggestions", {"q": "web"}))

    assert page.startswith("8 suggestions default/web-01 pod · prod-eu")


@pytest.mark.parametrize("q", ["", "w", "nothing-of-this-name"])
def test_nothing_is_suggested_of_too_little_or_of_nothing(everybody, reader, q):
    assert text(reader.get("/search/suggestions", {"q": q})) == ""
