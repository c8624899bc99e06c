import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Cluster, ClusterVersion, Pool, PoolRange
from tests.cast import at
from tests.web.reading import links, parsed, text

V4, V6 = "cilium-cluster-pool-v4", "cilium-cluster-pool-v6"


def use(cidr, *, slug="other"):
    """Let the other cluster use a range."""
    bounds = parse_cidr(cidr)
    pool = Pool.objects.create(
        cluster=Cluster.objects.get(slug="lab"),
        slug=slug,
        name=slug,
        system="cilium",
        family=bounds.family,
        capacity_rule="cilium-host-scope",
        first_seen=at("12:00:00"),
    )
    PoolRange.objects.create(
        pool=pool,
        family=bounds.family,
        first=bounds.first,
        last=bounds.last,
        valid_from=at("12:00:00"),
    )


def test_ranges_stand_with_who_uses_them(everybody, reader):
    page = text(reader.get("/plan/"))

    assert "1 cluster uses 2 ranges; none of them share an address." in page
    assert f"1 10.0.0.0/20 prod-eu pool {V4} 4\u202f096" in page
    assert f"2 fd00::/116 prod-eu pool {V6} 4\u202f096" in page
    assert "lab is not read yet: its ranges are not known." in page


@pytest.mark.parametrize(
    ("cidr", "slug", "line"),
    [
        # Hand-worked: the second half of 10.0.0.0/20.
        ("10.0.8.0/21", V4, "10.0.8.0/21 2\u202f048 1 10.0.0.0/20, prod-eu: pool"),
        ("10.0.0.0/8", V4, "10.0.0.0/20 4\u202f096 1 10.0.0.0/8, lab: pool other"),
        ("fd00::/120", V6, "fd00::/120 256 2 fd00::/116, prod-eu: pool"),
    ],
)
def test_what_two_clusters_share_is_told_exactly(everybody, reader, cidr, slug, line):
    use(cidr)

    page = text(reader.get("/plan/"))

    assert "2 clusters use 3 ranges; 1 pair of them shares addresses." in page
    assert line in page
    assert f"pool {slug} shared" in page


def test_neighbours_share_nothing(everybody, reader):
    use("10.0.16.0/20")

    assert "none of them share an address." in text(reader.get("/plan/"))


def test_pools_of_one_cluster_do_not_collide_but_its_services_do(everybody, reader):
    facts = [["service-cluster-ip-range", "10.0.4.0/22", "Pod kube-system/kcm"]]
    ClusterVersion.objects.update(facts=facts)
    use("10.1.0.0/16")
    use("10.1.0.0/24", slug="inside")

    page = text(reader.get("/plan/"))

    assert "1 pair of them shares addresses." in page
    assert "10.0.4.0/22, prod-eu: services" in page
    assert "services (Pod kube-system/kcm) shared" in page


def test_shared_addresses_are_crossed_on_the_drawing(everybody, reader):
    use("10.0.8.0/21")

    shapes = parsed(reader.get("/plan/")).attributes

    assert ("rect", "class", "plan-shared") in shapes
    assert ("rect", "fill", "url(#shared-1)") in shapes


def test_each_private_range_has_its_own_drawing(everybody, reader):
    for number, cidr in enumerate(["172.16.5.0/24", "192.168.0.0/24", "8.8.0.0/16"]):
        use(cidr, slug=f"pool-{number}")

    page = text(reader.get("/plan/"))

    for base in ("8.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"):
        assert f"Ranges in {base}, in address order" in page


def test_ranges_of_ipv6_too_far_apart_are_a_list(everybody, reader):
    use("fd12:3456::/48")

    assert "Too much lies between these ranges for a drawing" in text(
        reader.get("/plan/")
    )
    assert "Too much" not in text(reader.get("/plan/?base=fd00::/104"))


def test_a_part_of_the_plan_stands_alone(everybody, reader):
    use("192.168.0.0/16")

    page = text(reader.get("/plan/?base=10.0.0.0/16"))

    assert "1 cluster uses 1 range in 10.0.0.0/16" in page
    assert "192.168" not in page
    assert "/plan/?base=10.0.0.0/8" in links(reader.get("/plan/?base=10.0.0.0/16"))


def test_a_part_without_a_range_says_so(everybody, reader):
    assert "No cluster uses a range in 10.99.0.0/16 that we know of." in text(
        reader.get("/plan/?base=10.99.0.0/16")
    )


def test_without_clusters_the_plan_is_empty(db, reader):
    assert "No cluster uses a range that we know of." in text(reader.get("/plan/"))


@pytest.mark.parametrize(
    ("base", "why"),
    [
        ("10.0.0.5/8", "base: '10.0.0.5/8' has host bits set; the CIDR is 10.0.0.0/8."),
        ("ten", "base: 'ten' is not a CIDR such as 10.0.0.0/8 or fd00::/104."),
    ],
)
def test_a_base_that_is_no_cidr_is_refused(everybody, reader, base, why):
    response = reader.get("/plan/", {"base": base})

    assert response.status_code == 400
    assert why in text(response)


def test_every_pair_is_counted(everybody, reader):
    for number in range(15):
        use("10.0.0.0/24", slug=f"pool-{number}")
    ClusterVersion.objects.update(
        facts=[["service-cluster-ip-range", "10.0.0.0/24 " * 3, "x"]]
    )

    page = text(reader.get("/plan/"))

    # 15 pools of lab with the pool and with the services of prod-eu, and these two.
    assert "31 pairs of them share addresses." in page
