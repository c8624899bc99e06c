"""Past mode: what every page says and keeps when it is asked about an instant."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ipamweb.cidrmap.sizes import THIN_SPACE
from ipamweb.findings.models import Finding
from tests import cast, cast_usage
from tests.published import PAGES
from tests.web.reading import links, parsed, text

AT = "2026-11-22T12:20:00Z"
# By then everything that has a page was there.
ALL_THERE = "2026-11-22T12:40:00Z"
OF_A_CLUSTER = {
    name: path for name, path in PAGES.items() if path.startswith("/clusters/")
}
every_page = pytest.mark.parametrize("path", OF_A_CLUSTER.values(), ids=OF_A_CLUSTER)


def then(reader, path, at=AT):
    return reader.get(path, {"at": at}, follow=True)


@every_page
def test_V8_nothing_live_is_asked_and_the_lamp_says_past(everybody, reader, path):
    page = then(reader, path, ALL_THERE)
    attributes = parsed(page).attributes

    assert page.status_code == 200
    assert ("div", "data-live", "") in attributes
    assert ("div", "data-words", "past") in attributes
    assert not any(value.endswith("js/live.js") for _, _, value in attributes)


@every_page
def test_V8_every_link_into_a_cluster_carries_the_instant(everybody, reader, path):
    lost = [
        href
        for href in links(then(reader, path, ALL_THERE))
        if href.startswith(("/clusters/", "/ip/"))
        and "at" not in parse_qs(urlsplit(href).query)
    ]

    # The one that leaves the past.
    assert lost == [path]


@pytest.mark.parametrize(
    ("clock", "sentence"),
    [
        ("12:20:00", "Known to within one read: what began or ended between two reads"),
        (
            "11:00:00",
            "That is before history starts (2026-11-22 12:00:00Z), so nothing",
        ),
        ("14:00:02", "That is after the last read (2026-11-22 14:00:00Z): shown is"),
        (
            "13:05:00",
            "We did not see the cluster then (2026-11-22 12:59:55Z – 2026-11-22 "
            "13:10:00Z): shown is what is known from before and after; others may have",
        ),
    ],
)
def test_the_strip_says_how_exactly_it_is_known(everybody, reader, clock, sentence):
    page = text(then(reader, "/clusters/prod-eu/ip/10.0.0.35", f"2026-11-22T{clock}Z"))

    assert f"as it was at 2026-11-22 {clock}Z. {sentence}" in page
    assert "Back to now" in page


def test_steps_lead_five_minutes_and_an_hour_on(everybody, reader):
    found = links(then(reader, "/clusters/prod-eu/ip/10.0.0.35"))
    steps = ["11:20:00", "12:15:00", "12:25:00", "13:20:00"]

    for clock in steps:
        at = f"2026-11-22T{clock}Z".replace(":", "%3A")
        assert f"/clusters/prod-eu/ip/10.0.0.35?at={at}" in found


def test_the_density_tells_when_something_happened(everybody, reader):
    page = then(reader, "/clusters/prod-eu/ip/10.0.0.35")

    assert "2026-11-22 11:50:00Z: 11 began or ended" in page.content.decode()


def test_a_page_that_shows_only_the_present_says_so(everybody, reader):
    page = text(then(reader, "/teams/"))

    assert (
        "This page cannot show the past: it shows what is so now. "
        "See it as it is now" in page
    )


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_instant_beyond_all_time_is_one_clear_sentence(everybody, reader, at):
    page = then(reader, "/clusters/prod-eu/ip/10.0.0.35", at)

    assert page.status_code == 400
    assert "is out of range; accepted are the years 1970 to 9000" in text(page)


NODE = "/clusters/prod-eu/nodes/worker-b/"


def test_the_grid_of_a_node_shows_who_was_there(everybody, reader):
    page = then(reader, NODE)
    titles = [value for _, name, value in parsed(page).attributes if name == "title"]

    assert "10.0.0.35, pod batch/old-1" in titles
    assert "10.0.0.36, free" in titles
    assert "3 held of 16 addresses" in text(page)
    assert "Readiness of then is not kept" in text(page)


def test_between_two_reads_a_cell_says_possible(everybody, reader):
    page = then(reader, NODE, "2026-11-22T12:25:03Z")
    attributes = parsed(page).attributes

    assert ("td", "class", "kind-pod possible") in attributes
    assert "possibly held (between two reads)" in text(page)


def test_a_node_that_was_not_there_is_404_with_a_sentence(everybody, reader):
    page = then(reader, NODE, "2026-11-22T11:00:00Z")

    assert page.status_code == 404


def test_the_page_as_json_is_of_the_same_instant(everybody, reader):
    twin = "/api/v1/clusters/prod-eu/nodes/worker-b/?at=2026-11-22T12%3A20%3A00Z"

    assert twin in links(then(reader, NODE))


def test_past_mode_costs_few_queries_more(everybody, reader):
    with CaptureQueriesContext(connection) as with_3:
        then(reader, NODE)
    cast.more_nodes(27)
    with CaptureQueriesContext(connection) as with_30:
        then(reader, NODE)

    assert len(with_3) == len(with_30) <= 18


def test_a_map_is_drawn_from_what_was_so_then(everybody, reader):
    page = then(reader, PAGES["map"])
    attributes = parsed(page).attributes
    at = "2026-11-22T12%3A20%3A00Z"

    assert ("div", "data-at", AT) in attributes
    blocks = "/api/v1/clusters/prod-eu/pools/cilium-cluster-pool-v4/blocks.bin"
    assert ("div", "data-blocks", f"{blocks}?v=1&at={at}") in attributes
    assert "3 of 256 blocks assigned" in text(page)


def test_the_filter_of_a_map_is_of_the_present_only(everybody, reader):
    page = reader.get(PAGES["map"], {"at": AT, "q": "ns:shop"})

    assert page.status_code == 400
    assert "the filter of a map knows the present only" in text(page)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (PAGES["pools"], "cilium-cluster-pool-v4"),
        (PAGES["pool"], "5 of 3 584 addresses held"),
        (PAGES["pool"], "10.0.0.32/28 worker-b"),
        (PAGES["namespaces"], "batch 1 1"),
        (PAGES["nodes"], "worker-b eu-b general 1 of 12 11 3 2 10.0.0.32/28 fd00::20"),
    ],
)
def test_lists_show_what_was_so_then(everybody, reader, path, words):
    page = text(then(reader, path)).replace(THIN_SPACE, " ")

    assert "This page cannot show the past" not in page
    assert words in page


@pytest.mark.parametrize("path", [PAGES["pool"], PAGES["map"]])
def test_a_pool_that_was_not_there_is_404(everybody, reader, path):
    assert then(reader, path, "2026-11-22T11:00:00Z").status_code == 404


def test_after_the_last_read_a_node_shows_what_was_held_then_as_possible(
    everybody, reader
):
    page = then(reader, NODE, "2026-11-22T14:00:02Z")

    assert "7 held of 16 addresses" in text(page)
    assert ("td", "class", "kind-pod possible") in parsed(page).attributes
    assert ("td", "class", "kind-pod") not in parsed(page).attributes


def test_problems_and_gaps_are_those_of_then(everybody, reader):
    before, inside = (
        text(then(reader, PAGES["problems"], f"2026-11-22T{clock}Z"))
        for clock in ("12:20:00", "13:05:00")
    )

    assert "shop/odd-0" not in before
    assert "No gap had begun by that instant" in before
    # It had not ended yet.
    assert "2026-11-22 12:59:55Z open 5 min not reachable" in inside
    page = text(then(reader, PAGES["problems"], "2026-11-22T13:45:00Z"))
    assert "is not an IP address 30 min ago not kept" in page


FINDINGS = PAGES["findings"]


@pytest.mark.parametrize(
    ("clock", "open_ones", "suspected"),
    [
        ("12:30:59", 0, 0),
        ("12:31:00", 0, 1),
        ("12:33:00", 1, 0),
        ("13:19:59", 1, 0),
        ("13:20:00", 0, 0),
    ],
)
def test_a_finding_is_open_from_when_it_was_confirmed_until_it_was_over(
    everybody, reader, clock, open_ones, suspected
):
    Finding.objects.update(
        state="resolved", resolved_at=cast.at("13:20:00"), last_seen=cast.at("13:19:00")
    )
    at = f"2026-11-22T{clock}Z"

    found = {
        state: text(reader.get(FINDINGS, {"at": at, "state": state})).count(
            "10.0.0.39 is held by 2 pods."
        )
        for state in ("open", "suspected")
    }

    assert found == {"open": open_ones, "suspected": suspected}


def test_what_was_acknowledged_then_is_not_kept_and_said_so(everybody, reader):
    Finding.objects.update(acknowledged_until=cast.at("23:00:00"))
    page = text(reader.get(FINDINGS, {"at": "2026-11-22T13:00:00Z"}))

    assert "what was acknowledged then stands in the audit log" in page
    assert "10.0.0.39 is held by 2 pods. open" in page
    refused = reader.get(FINDINGS, {"at": AT, "state": "acknowledged"})
    assert refused.status_code == 400


def test_a_finding_page_of_then_cannot_be_acted_on(everybody, reader):
    page = text(reader.get(PAGES["finding"], {"at": "2026-11-22T12:32:00Z"}))

    assert "suspected" in page
    assert "How often it had been seen by then is not kept" in page
    assert "Acknowledge" not in page
    assert reader.get(PAGES["finding"], {"at": AT}).status_code == 404


def test_the_most_of_the_days_before_knows_nothing_later(everybody, reader):
    cast_usage.insert()
    page = text(then(reader, PAGES["pool"], "2026-11-22T12:30:00Z"))

    assert "IPv4 addresses held least 24, most 24" in page


def test_the_overview_counts_what_was_so_then(everybody, reader):
    page = text(then(reader, PAGES["cluster"])).replace(THIN_SPACE, " ")

    # Eleven addresses of nodes and one of a pod that is gone since.
    assert "3 nodes 1 pod 12 addresses held 2 pools" in page
    assert "worker-b 1 of 12 11" in page
    assert "cilium-cluster-pool-v4 IPv4 10.0.0.0/20 3 of 256 /28" in page
    assert "batch 1 1 0" in page
    assert "are open" not in page
    assert "The version of Kubernetes, the readiness of nodes" in page
    later = text(then(reader, PAGES["cluster"], "2026-11-22T13:45:00Z"))
    assert "1 finding is open" in later
    assert "1 object could not be read whole" in later


@pytest.mark.parametrize("name", ["cluster", "fleet"])
def test_before_history_no_number_stands_for_what_is_not_known(everybody, reader, name):
    page = text(then(reader, PAGES[name], "2026-11-22T11:00:00Z"))

    assert "45 addresses held" not in page
    assert "nothing is known of it" in page


def test_the_fleet_shows_each_cluster_as_it_was(everybody, reader):
    page = text(then(reader, PAGES["fleet"])).replace(THIN_SPACE, " ")

    assert "2 clusters 3 nodes 1 pods 12 addresses held" in page
    assert "before history starts: nothing is known of it at that instant" in page


def test_a_namespace_page_shows_what_it_held_then(everybody, reader):
    page = text(then(reader, "/clusters/prod-eu/ns/batch/")).replace(THIN_SPACE, " ")

    assert "Its 1 pod holds 1 address: 8 % of the 12 that are held in prod-eu" in page
    assert "10.0.0.35 pod batch/old-1 worker-b" in page
    assert "held then" in page
    assert "10.0.0.39" not in page


def test_a_pod_page_shows_what_it_held_then(everybody, reader):
    old = f"/clusters/prod-eu/pod/{cast.uid(451)}/"
    page = text(then(reader, old))

    assert "It held 10.0.0.35." in page
    assert "still held" in page
    assert "12:25" not in page
    assert "nor what Kubernetes and the record of the CNI said" in page
    between = text(then(reader, old, "2026-11-22T12:25:03Z"))
    assert "It may have held 10.0.0.35: that is between two reads." in between
    assert then(reader, old, "2026-11-22T12:30:00Z").status_code == 404


def test_the_neighbours_of_an_address_are_those_of_then(everybody, reader):
    page = then(reader, "/clusters/prod-eu/ip/10.0.0.36")
    titles = [value for _, name, value in parsed(page).attributes if name == "title"]

    assert "10.0.0.35, pod batch/old-1" in titles


def test_the_section_of_findings_has_no_number_of_now(everybody, reader):
    page = text(then(reader, PAGES["pools"]))

    assert "Findings 1" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"zone": "eu-b"}, ["worker-b", "worker-c"]),
        ({"zone": "eu-a"}, ["worker-a"]),
        ({"node_pool": "general", "q": "er-b"}, ["worker-b"]),
        ({"zone": "eu-z"}, []),
    ],
)
def test_nodes_of_then_are_filtered_as_those_of_now(everybody, reader, query, found):
    page = reader.get(PAGES["nodes"], {"at": AT, **query})
    rows = [href for href in links(page) if "/nodes/worker-" in href]

    assert [urlsplit(href).path.split("/")[-2] for href in rows] == found
    twin = next(href for href in links(page) if href.startswith("/api/"))
    assert query.items() <= dict(parse_qsl(urlsplit(twin).query)).items()


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("nodes", {"band": "85-100"}),
        ("nodes", {"sort": "-slots_free"}),
        ("namespaces", {"sort": "-name"}),
    ],
)
def test_what_is_known_of_the_present_only_is_refused(everybody, reader, page, query):
    answer = reader.get(PAGES[page], {"at": AT, **query})

    assert answer.status_code == 400
    assert "it is known of the present only" in text(answer)
