import re

import pytest

from ipamweb.mirror.models import PastAllocation, Pod
from tests import cast
from tests.cast import uid
from tests.web.reading import text

IP = "/clusters/prod-eu/ip"
OLD = "pod batch/old-1 (uid 00000000-0000-4000-8000-000000000451)"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("10.0.0.35", "Held now by pod shop/cart-0, since 2026-11-22 12:30:00Z."),
        ("10.0.0.17", "Held now by router, since 2026-11-22 12:00:00Z."),
        (
            "10.0.0.38",
            "Held now by pod shop/cart-2, which is terminating, "
            "since 2026-11-22 12:30:00Z.",
        ),
        (
            "10.0.0.39",
            "Held now by 2 owners at once: pod batch/job-1 and pod batch/job-2.",
        ),
        (
            "10.0.0.40",
            "Nobody holds it: it is free in block 10.0.0.32/28 of node worker-b.",
        ),
        (
            "10.0.0.47",
            "Nobody holds it: the allocator sets it aside in block 10.0.0.32/28 "
            "(rule cilium-host-scope).",
        ),
        ("10.0.0.60", "Nobody holds it: it is reserved (kept for the load balancer)."),
        (
            "10.0.1.1",
            "Nobody holds it: it lies in pool cilium-cluster-pool-v4, in a part that "
            "no node has.",
        ),
        ("10.9.9.9", "Nobody holds it: it lies outside all pools of prod-eu."),
        ("fd00::23", "Held now by pod shop/cart-0, since 2026-11-22 12:30:00Z."),
    ],
)
def test_one_sentence_says_who_holds_it_or_why_nobody(
    everybody, reader, address, sentence
):
    assert sentence in text(reader.get(f"{IP}/{address}"))


@pytest.mark.parametrize(
    ("clock", "sentence"),
    [
        pytest.param(
            "12:20:00",
            f"At 2026-11-22 12:20:00Z it was held by {OLD}, for certain "
            "2026-11-22 12:10:00Z – 2026-11-22 12:25:00Z.",
            id="inside",
        ),
        pytest.param(
            "12:25:03",
            f"At 2026-11-22 12:25:03Z it was possibly held by {OLD} "
            "(2026-11-22 12:09:55Z – 2026-11-22 12:25:05Z at the most): "
            "that lies between two reads.",
            id="between two reads",
        ),
        pytest.param(
            "12:27:00", "At 2026-11-22 12:27:00Z nobody held it.", id="nobody"
        ),
        pytest.param(
            "11:00:00",
            "2026-11-22 11:00:00Z is before history starts (2026-11-22 12:00:00Z), "
            "so who held it is not known.",
            id="before history",
        ),
        pytest.param(
            "12:40:00",
            "At 2026-11-22 12:40:00Z it was held by pod shop/cart-0 (uid "
            "00000000-0000-4000-8000-000000000421), for certain from "
            "2026-11-22 12:30:00Z until now.",
            id="still held",
        ),
    ],
)
def test_one_sentence_says_who_had_it_then(everybody, reader, clock, sentence):
    page = text(reader.get(f"{IP}/10.0.0.35", {"at": f"2026-11-22T{clock}Z"}))

    assert sentence in page


def test_an_instant_inside_a_gap_is_not_known(everybody, reader):
    page = text(reader.get(f"{IP}/10.0.0.41", {"at": "2026-11-22T13:05:00Z"}))

    assert (
        "At 2026-11-22 13:05:00Z we did not see the cluster, so who held it is not "
        "known."
    ) in page


def test_an_instant_after_the_last_read_is_not_known(everybody, reader):
    page = text(reader.get(f"{IP}/10.0.0.41", {"at": "2026-11-22T14:00:03Z"}))

    assert (
        "2026-11-22 14:00:03Z is after the last read (2026-11-22 14:00:00Z), so "
        "who held it is not known."
    ) in page


def test_two_owners_at_an_instant_are_both_named(everybody, reader):
    page = text(reader.get(f"{IP}/10.0.0.39", {"at": "2026-11-22T12:40:00Z"}))

    assert (
        "At 2026-11-22 12:40:00Z it had 2 owners at once: "
        "pod batch/job-1 (uid 00000000-0000-4000-8000-000000000431) and "
        "pod batch/job-2 (uid 00000000-0000-4000-8000-000000000432)."
    ) in page


def test_what_is_no_instant_is_one_clear_sentence(everybody, reader):
    response = reader.get(f"{IP}/10.0.0.35", {"at": "yesterday"})

    assert response.status_code == 400
    assert "at: 'yesterday' is no time; accepted is RFC 3339" in text(response)


def test_the_owners_stand_in_a_table_with_their_bounds(everybody, reader):
    page = text(reader.get(f"{IP}/10.0.0.35"))

    assert (
        "shop/cart-0 held 2026-11-22 12:29:55Z 2026-11-22 12:30:00Z still held – "
        "worker-b pod-status, derived "
        "batch/old-1 ended 2026-11-22 12:09:55Z 2026-11-22 12:10:00Z "
        "2026-11-22 12:25:00Z 2026-11-22 12:25:05Z worker-b"
    ) in page


def test_owners_go_on_by_cursor(everybody, reader):
    owner = Pod.objects.get(pk=451)
    for number in range(3):
        bounds = [f"12:0{number}:0{second}" for second in range(4)]
        cast.past(900 + number, "10.0.0.41", bounds, owner=owner)

    page = text(reader.get(f"{IP}/10.0.0.41", {"limit": "2"}))

    assert PastAllocation.objects.count() == 5
    assert "2 ended owners shown Next" in page


def test_neighbours_say_what_they_are(everybody, reader):
    page = text(reader.get(f"{IP}/10.0.0.35"))

    assert (
        "27 pod 28 pod 29 pod 30 pod 31 res 32 res 33 gw 34 hc 35 pod 36 pod 37 pod "
        "38 pod 39 dup 40 free 41 free 42 free 43 free"
    ) in page


@pytest.mark.parametrize("address", ["0.0.0.0", "255.255.255.255", "::", "ffff::"])
def test_the_ends_of_the_address_spaces_have_pages(everybody, reader, address):
    assert reader.get(f"{IP}/{address}").status_code == 200


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("FD00::23", "fd00::23"),
        ("fd00:0:0:0:0:0:0:23", "fd00::23"),
        ("::ffff:10.0.0.35", "10.0.0.35"),
    ],
)
def test_other_spellings_lead_to_the_canonical_one(
    everybody, reader, spelling, canonical
):
    response = reader.get(f"{IP}/{spelling}?at=2026-11-22T12:20:00Z")

    assert response.status_code == 301
    assert response["Location"] == f"{IP}/{canonical}?at=2026-11-22T12:20:00Z"


def test_a_zone_id_is_one_clear_sentence(everybody, reader):
    response = reader.get(f"{IP}/fe80::1%25eth0")

    assert response.status_code == 400
    assert (
        "'fe80::1%eth0' carries a zone id; an address in a cluster has none."
    ) in text(response)


def test_every_cluster_answers_for_itself(everybody, reader):
    page = text(reader.get("/ip/10.0.0.35", {"at": "2026-11-22T12:20:00Z"}))

    assert "lab Nobody can tell: lab was never read." in page
    assert (
        "prod-eu Held now by pod shop/cart-0, since 2026-11-22 12:30:00Z. "
        f"At 2026-11-22 12:20:00Z it was held by {OLD}"
    ) in page


def test_every_cluster_is_asked_under_the_canonical_spelling(everybody, reader):
    assert reader.get("/ip/FD00::23")["Location"] == "/ip/fd00::23"


def test_V4_what_is_possible_in_a_gap_says_that_others_may_have_held_it(
    everybody, reader
):
    page = text(reader.get(f"{IP}/10.0.0.40", {"at": "2026-11-22T13:05:00Z"}))

    assert (
        "At 2026-11-22 13:05:00Z it was possibly held by pod batch/done-1 (uid "
        "00000000-0000-4000-8000-000000000443) (2026-11-22 12:29:55Z – 2026-11-22 "
        "13:10:00Z at the most): that lies in a time in which we did not see the "
        "cluster, so others may have held it too."
    ) in page


@pytest.mark.parametrize(
    ("clock", "verdict"),
    [
        pytest.param("12:10:00", "it was held by", id="first seen"),
        pytest.param("12:09:59", "it was possibly held by", id="before first seen"),
        pytest.param("12:25:00", "it was held by", id="last seen"),
        pytest.param("12:25:05", "nobody held it", id="known gone"),
    ],
)
def test_V4_on_the_boundaries_of_a_time(everybody, reader, clock, verdict):
    page = text(reader.get(f"{IP}/10.0.0.35", {"at": f"2026-11-22T{clock}Z"}))

    assert f"At 2026-11-22 {clock}Z {verdict}" in page


def test_how_often_an_address_passes_on_is_told(everybody, reader):
    assert "2 owners in 24 h; the shortest pause between two: 5 min." in text(
        reader.get(f"{IP}/10.0.0.35")
    )


def test_an_address_that_never_passed_on_has_no_such_words(everybody, reader):
    assert "owners in 24 h" not in text(reader.get(f"{IP}/10.0.0.19"))


@pytest.mark.parametrize(
    ("address", "clock", "sentence"),
    [
        pytest.param(
            "10.0.0.35",
            "12:20:00",
            f"it was held by {OLD}, for certain 2026-11-22 12:10:00Z – "
            "2026-11-22 12:25:00Z.",
            id="inside",
        ),
        pytest.param("10.0.0.35", "12:05:00", "nobody held it.", id="before"),
        pytest.param("10.0.0.35", "12:27:00", "nobody held it.", id="after"),
        pytest.param(
            "10.0.0.35",
            "12:25:04",
            f"it was possibly held by {OLD} (2026-11-22 12:09:55Z – 2026-11-22 "
            "12:25:05Z at the most): that lies between two reads.",
            id="on-the-boundary",
        ),
        pytest.param(
            "10.0.0.41",
            "13:05:00",
            "we did not see the cluster, so who held it is not known.",
            id="in-a-gap",
        ),
        pytest.param(
            "10.0.0.39",
            "13:30:00",
            f"it had 2 owners at once: pod batch/job-1 (uid {uid(431)}) and pod "
            f"batch/job-2 (uid {uid(432)}).",
            id="two-owners",
        ),
    ],
)
def test_V4_six_questions_have_six_exact_answers(
    everybody, reader, address, clock, sentence
):
    page = reader.get(f"{IP}/{address}", {"at": f"2026-11-22T{clock}Z"})

    (answer,) = re.findall(r'id="answer">(.*?)</p>', page.content.decode())
    assert answer == f"At 2026-11-22 {clock}Z {sentence}"
