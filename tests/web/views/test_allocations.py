import re

import pytest

from ipamweb.mirror.models import Allocation
from tests.cast_people import viewer
from tests.web.reading import links, parsed, text

ALLOCATIONS = "/clusters/prod-eu/allocations/"


def addresses(response):
    """Return the addresses that are shown, in their order."""
    found = [
        re.fullmatch(r"/clusters/prod-eu/ip/(.*)", link) for link in links(response)
    ]
    return [match[1] for match in found if match]


def headers(response):
    page = response.content.decode()
    head = page[page.index("<thead>") : page.index("</thead>")]
    return re.findall(r">([A-Z][\w ]+)<", head)


def test_who_holds_which_address_stands_in_rows(everybody, reader):
    response = reader.get(ALLOCATIONS)

    page = text(response)
    assert "45 allocations held in prod-eu now." in page
    assert "10.0.0.19 pod default/web-01 Deployment web worker-a cilium-" in page
    assert (
        "10.0.0.39 pod batch/job-2 – worker-b cilium-cluster-pool-v4 held second"
        in (page)
    )
    assert len(addresses(response)) == Allocation.objects.count()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=health&family=4", ["10.0.0.18", "10.0.0.34"]),
        ("namespace=shop&family=4",
         ["10.0.0.35", "10.0.0.36", "10.0.0.37", "10.0.0.38"]),
        ("q=shop/cart-0", ["10.0.0.35", "fd00::23"]),
        ("within=10.0.0.32/30&kind=pod", ["10.0.0.35"]),
        ("address=FD00::23", ["fd00::23"]),
        ("state=terminating&family=4", ["10.0.0.38"]),
        ("node=worker-c&kind=pod", []),
        ("q=&kind=&pod=cart-0&family=6", ["fd00::23"]),
    ],
)  # fmt: skip
def test_filters_are_those_of_rest(everybody, reader, query, expected):
    page = reader.get(f"{ALLOCATIONS}?{query}")
    rest = reader.get(page["Link"].partition(">")[0].removeprefix("<"))

    assert addresses(page) == expected
    assert [row["address"] for row in rest.json()["results"]] == expected


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("kind=spaceship", "kind: 'spaceship' is not accepted. Accepted: pod, router,"),
        ("within=10.0.0.5/24", "the CIDR is 10.0.0.0/24"),
        ("older_than=soon", "older_than: 'soon' is no duration."),
        (
            "columns=address,password",
            "columns: 'password' is not accepted; allocations",
        ),
        ("page=2", "lists here have no page numbers"),
        ("since=2026-11-22T14:00:00Z&until=2026-11-22T13:00:00Z", "lies behind until"),
        (
            "until=2026-11-22T11:00:00Z",
            "History begins at 2026-11-22T12:00:00Z, so until lies before all that is "
            "known.",
        ),
        ("at=2026-11-22T14:00:00Z&since=2026-11-22T13:00:00Z", "this is one instant"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(everybody, reader, query, words):
    response = reader.get(f"{ALLOCATIONS}?{query}")

    assert response.status_code == 400
    assert words in text(response)


def test_a_filter_that_nothing_passes_says_so(everybody, reader):
    assert "No allocation matches. Clear filter" in text(
        reader.get(f"{ALLOCATIONS}?q=nothing")
    )


def test_a_cluster_that_was_never_read_says_when_rows_appear(everybody, reader):
    assert "Allocations appear with the first complete read." in text(
        reader.get("/clusters/lab/allocations/")
    )


def test_rows_go_on_by_cursor_with_filter_and_columns_kept(everybody, reader):
    query = "kind=pod&columns=address,node&limit=5"
    first = reader.get(f"{ALLOCATIONS}?{query}")
    (following,) = [link for link in links(first) if "cursor=" in link]

    second = reader.get(following)
    assert len(addresses(first)) == len(addresses(second)) == 5
    assert set(addresses(first)) & set(addresses(second)) == set()
    assert headers(second) == ["Address", "Node"]


def test_columns_stand_as_they_are_chosen(everybody, reader):
    response = reader.get(f"{ALLOCATIONS}?columns=node,address,source&q=cart-0")

    assert headers(response) == ["Node", "Address", "Source"]
    assert "worker-b 10.0.0.35 pod-status, derived" in text(response)
    scopes = [
        value
        for tag, name, value in parsed(response).attributes
        if (tag, name) == ("th", "scope")
    ]
    assert scopes == ["col"] * 3 + ["row"] * 2


def test_the_form_for_columns_leads_to_them_in_the_order_of_their_places(
    everybody, reader
):
    form = (
        "q=cart&column=address&column=owner&column=node&place.address=2"
        "&place.owner=&place.node=1&place.pool=1"
    )

    response = reader.get(f"{ALLOCATIONS}?{form}")

    assert response["Location"] == (
        f"{ALLOCATIONS}?q=cart&columns=node%2Caddress%2Cowner"
    )


def test_no_column_and_the_usual_ones_are_the_usual_ones(everybody, reader):
    usual = ["address", "kind", "owner", "workload", "node", "pool", "state", "since"]
    form = "&".join(f"column={name}" for name in usual)

    assert reader.get(f"{ALLOCATIONS}?place.node=1")["Location"] == ALLOCATIONS
    assert reader.get(f"{ALLOCATIONS}?{form}")["Location"] == ALLOCATIONS


def test_a_column_that_is_none_is_refused_by_the_form_too(everybody, reader):
    assert reader.get(f"{ALLOCATIONS}?column=password").status_code == 400


def test_at_an_instant_it_shows_who_held_what_then(everybody, reader):
    response = reader.get(f"{ALLOCATIONS}?at=2026-11-22T12:15:00Z&q=10.0.0.35")

    page = text(response)
    assert "What was held in prod-eu at 2026-11-22 12:15:00Z." in page
    assert "batch/old-1" in page
    assert "cart-0" not in page
    lost = [link for link in links(response) if "at=" not in link]
    # Only the way back to now, and what is of no cluster.
    assert [link for link in lost if link.startswith("/clusters/")] == [
        f"{ALLOCATIONS}?q=10.0.0.35"
    ]


def test_of_a_window_each_row_says_until_when(everybody, reader):
    response = reader.get(
        f"{ALLOCATIONS}?q=10.0.0.35&since=2026-11-22T12:00:00Z&until=2026-11-22T14:00:00Z"
    )

    assert headers(response)[-1] == "Held until"
    assert "still held" in text(response)
    assert "ended" in text(response)


def test_names_outside_the_scope_are_shown_to_nobody(everybody, reader):
    reader.force_login(viewer())

    response = reader.get(f"{ALLOCATIONS}?columns=address,owner,namespace,workload")

    assert "pod, owner not shown – –" in text(response)
    for name in ("shop", "cart-0", "default", "web-01"):
        assert name not in text(response).replace("namespace/pod", "")


def test_a_filter_by_a_hidden_name_finds_nothing(everybody, reader):
    reader.force_login(viewer())

    for query in ("namespace=shop", "pod=cart-0", "q=cart"):
        assert addresses(reader.get(f"{ALLOCATIONS}?{query}")) == []


def test_the_twin_has_the_fields_of_the_columns(everybody, reader):
    response = reader.get(f"{ALLOCATIONS}?columns=address,owner&kind=pod&limit=5")

    assert (
        "?kind=pod&fields=address,namespace,pod,uid,owner_hidden>" in (response["Link"])
    )
