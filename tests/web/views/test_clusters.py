from ipamweb.mirror.models import Cluster
from tests import cast
from tests.web.reading import links, text


def test_without_a_cluster_the_steps_to_connect_one_are_shown(reader):
    page = text(reader.get("/"))

    assert "No cluster is connected yet." in page
    assert "python manage.py add_cluster my-cluster --kubeconfig ~/.kube/config" in page


def test_the_fleet_adds_its_clusters_up(everybody, reader):
    page = text(reader.get("/"))

    assert "2 clusters 3 nodes 21 pods 45 addresses held" in page


def test_the_fleet_says_how_fresh_each_cluster_is(everybody, reader):
    page = text(reader.get("/"))

    assert "lab not read yet 0 0 0 0" in page
    assert (
        "prod-eu up to date, 5 s ago cilium, cluster-pool on Kubernetes v1.36.0 "
        "3 21 45 1"
    ) in page


def test_the_overview_says_what_needs_attention(everybody, reader):
    page = text(reader.get("/clusters/prod-eu/"))

    assert "1 node has fewer than 5 free pod slots" in page
    assert "1 object could not be read whole" in page


def test_assigned_blocks_and_held_addresses_are_two_numbers(everybody, reader):
    page = text(reader.get("/clusters/prod-eu/"))

    assert (
        "cilium-cluster-pool-v4 IPv4 10.0.0.0/20 3 of 256 /28 1\u202f% "
        "21 of 3\u202f584 0.6\u202f%"
    ) in page


def test_ipv6_has_no_share_of_addresses(everybody, reader):
    page = text(reader.get("/clusters/prod-eu/"))

    assert (
        "cilium-cluster-pool-v6 IPv6 fd00::/116 3 of 256 /124 1\u202f% 20 of 3\u202f584"
    ) in page


def test_the_fullest_nodes_come_first(everybody, reader):
    page = text(reader.get("/clusters/prod-eu/"))

    assert "worker-a ▲▲ 13 of 13 0 worker-b 6 of 13 7 worker-c 0 of 14 14" in page


def test_what_was_detected_stands_with_its_place(everybody, reader):
    page = text(reader.get("/clusters/prod-eu/"))

    assert "IPAM mode cluster-pool ConfigMap kube-system/cilium-config ipam" in page


def test_a_cluster_never_read_says_why(everybody, reader):
    page = text(reader.get("/clusters/lab/"))

    assert (
        "lab was not read yet; there is nothing to show. "
        "lab: could not list nodes: connection refused."
    ) in page
    assert "fewer than" not in page


def test_all_well_is_said_too(everybody, reader):
    Cluster.objects.filter(slug="lab").update(as_of=everybody.prod.as_of, last_error="")

    assert (
        "Every node has at least 5 free pod slots, and every object could be read."
    ) in text(reader.get("/clusters/lab/"))


def test_stale_numbers_do_not_say_that_all_is_well(everybody, reader):
    Cluster.objects.filter(slug="lab").update(as_of=cast.at("13:00:00"), last_error="")

    assert "Every node has" not in text(reader.get("/clusters/lab/"))


def test_an_unknown_cluster_is_not_found(reader):
    response = reader.get("/clusters/nowhere/")

    assert response.status_code == 404
    assert "There is no cluster nowhere." in text(response)


def test_each_page_leads_to_its_twin_in_the_api(everybody, reader):
    response = reader.get("/clusters/prod-eu/")

    assert "/api/v1/clusters/prod-eu/" in links(response)
    assert response["Link"] == (
        '</api/v1/clusters/prod-eu/>; rel="alternate"; type="application/json"'
    )
    assert response["Ipamweb-As-Of"] == "2026-11-22T14:00:00.000000Z"


def test_gaps_stand_on_every_page_of_the_cluster(everybody, reader):
    assert "1 gap in what was seen" in text(reader.get("/clusters/prod-eu/nodes/"))
