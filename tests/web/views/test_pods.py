import pytest

from ipamweb.mirror.models import Endpoint, Pod
from tests import cast
from tests.web.reading import parsed, text

PODS = "/clusters/prod-eu/pods"


@pytest.mark.parametrize(
    ("pod", "sentence"),
    [
        ("default/web-01", "It holds 10.0.0.19 and fd00::13."),
        (
            "shop/cart-2",
            "It is terminating, and holds 10.0.0.38 and fd00::26 until it is gone.",
        ),
        (
            "kube-system/proxy-a",
            "It runs on the host network: it uses the node's address and holds none.",
        ),
        ("shop/wait-0", "It holds no address yet."),
        (
            "batch/done-1",
            "It has ended (Succeeded); a pod that ended holds no address.",
        ),
        ("batch/old-1", "gone The pod is gone, and holds no address."),
    ],
)
def test_the_first_sentence_says_what_a_pod_holds(everybody, reader, pod, sentence):
    assert sentence in text(reader.get(f"{PODS}/{pod}/"))


def test_sources_that_agree_stand_side_by_side(everybody, reader):
    page = text(reader.get(f"{PODS}/default/web-01/"))

    assert "IPv4 10.0.0.19 10.0.0.19 10.0.0.19 They agree" in page
    assert "IPv6 fd00::13 fd00::13 fd00::13 They agree" in page


def test_sources_that_disagree_are_told_in_words(everybody, reader):
    Endpoint.objects.update(addresses="10.0.0.20 fd00::13")

    page = text(reader.get(f"{PODS}/default/web-01/"))

    assert (
        "IPv4 10.0.0.19 10.0.0.20 10.0.0.19 differs "
        "Kubernetes and the CNI record disagree"
    ) in page


def test_a_pod_without_a_cni_record_has_one_source(everybody, reader):
    page = text(reader.get(f"{PODS}/shop/cart-0/"))

    assert "IPv4 10.0.0.35 no record 10.0.0.35 One source only" in page


def test_an_address_still_in_the_status_is_not_held(everybody, reader):
    page = text(reader.get(f"{PODS}/batch/done-1/"))

    assert (
        "IPv4 10.0.0.40 no record none Still in the pod's status, held no more" in page
    )


def test_the_times_of_an_address_have_both_bounds(everybody, reader):
    page = text(reader.get(f"{PODS}/batch/old-1/"))

    assert (
        "10.0.0.35 10.0.0.32/28 of cilium-cluster-pool-v4 ended "
        "2026-11-22 12:09:55Z 2026-11-22 12:10:00Z "
        "2026-11-22 12:25:00Z 2026-11-22 12:25:05Z pod-status, derived"
    ) in page


def test_a_name_leads_to_its_newest_pod_and_a_uid_to_that_one(everybody, reader):
    cast.pod(452, "batch/old-1", first_seen=cast.at("13:00:00"))

    assert cast.uid(452) in text(reader.get(f"{PODS}/batch/old-1/"))
    assert cast.uid(451) in text(reader.get(f"/clusters/prod-eu/pod/{cast.uid(451)}/"))


@pytest.mark.parametrize("path", ["pods/shop/nothing/", "pod/nothing/"])
def test_an_unknown_pod_is_not_found(everybody, reader, path):
    response = reader.get(f"/clusters/prod-eu/{path}")

    assert response.status_code == 404
    assert "in prod-eu, now or before." in text(response)


def test_the_gaps_stand_in_the_times_of_a_pod(everybody, reader):
    words = parsed(reader.get(f"{PODS}/default/web-01/"))

    assert ("rect", "class", "gap") in words.attributes
    assert "Not seen" in words.parts


def test_the_block_and_the_pool_of_an_address_stand_with_its_times(everybody, reader):
    page = text(reader.get(f"{PODS}/default/web-01/"))

    assert "10.0.0.19 10.0.0.16/28 of cilium-cluster-pool-v4 held" in page


def test_the_others_of_the_workload_stand_with_their_addresses(everybody, reader):
    page = text(reader.get(f"{PODS}/default/web-01/"))

    assert "Others of Deployment web" in page
    assert "web-02 10.0.0.20 fd00::14 worker-a 1 h ago web-03 10.0.0.21" in page


def test_a_pod_without_a_workload_has_no_others(everybody, reader):
    assert "Others of" not in text(reader.get(f"{PODS}/shop/cart-0/"))


def test_the_last_of_a_workload_is_told_so(everybody, reader):
    Pod.objects.exclude(pk=401).update(workload_name="")

    assert "No other pod of it holds an address." in text(
        reader.get(f"{PODS}/default/web-01/")
    )


@pytest.mark.parametrize(
    ("pod", "line"),
    [
        # 12:25:00, when it was last seen, to 12:30:00, when the next was first seen.
        ("shop/cart-0", "10.0.0.35 batch/old-1 ended"),
        ("shop/cart-0", "2026-11-22 12:25:00Z 5 min before this pod"),
        ("batch/old-1", "10.0.0.35 shop/cart-0 held"),
        ("batch/old-1", "still held 5 min after this pod"),
        ("batch/job-1", "10.0.0.39 batch/job-2 held"),
        ("batch/job-1", "still held at the same time"),
    ],
)
def test_who_else_had_its_address_stands_with_when(everybody, reader, pod, line):
    assert line in text(reader.get(f"{PODS}/{pod}/"))
