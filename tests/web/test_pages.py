"""What holds for every page: few queries, sound markup, nothing from a cluster runs."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from ipamweb.mirror.models import Namespace, Node, Pod
from tests import cast
from tests.cast_people import viewer
from tests.published import PAGES
from tests.web.reading import links, parsed, text

MOST_QUERIES = 12
# The page of a team tells of all clusters what other pages tell of one: what it holds,
# held, and used in a month, where, who is in it and by which rules.
MOST_OF_TEAM = 14
# Names that Kubernetes would refuse, and a broken or hostile API server would not.
HOSTILE = "<script>alert(1)</script>\"' onload=x \u202e\u2066&amp;" + "x" * 190

every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())


def queries(reader, path):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert reader.get(path).status_code == 200
    return len(captured)


@every_page
def test_the_number_of_queries_does_not_grow(everybody, reader, path):
    with_3_nodes = queries(reader, path)
    cast.more_nodes(27)

    assert queries(reader, path) == with_3_nodes
    assert with_3_nodes <= (MOST_OF_TEAM if path == PAGES["team"] else MOST_QUERIES)


@every_page
def test_a_page_has_one_heading_one_main_and_a_way_around_its_head(
    everybody, reader, path
):
    words = parsed(reader.get(path))
    tags = Counter(words.tags)

    assert (tags["h1"], tags["main"]) == (1, 1)
    assert ("a", "href", "#main") in words.attributes
    assert ("html", "lang", "en") in words.attributes


@every_page
def test_each_table_has_a_caption_and_headers_with_a_scope(everybody, reader, path):
    words = parsed(reader.get(path))
    scopes = [
        value for tag, name, value in words.attributes if (tag, name) == ("th", "scope")
    ]
    tags = Counter(words.tags)

    assert tags["caption"] == tags["table"]
    assert len(scopes) == tags["th"]
    assert set(scopes) <= {"col", "row"}


@every_page
def test_no_id_stands_twice(everybody, reader, path):
    ids = Counter(
        value for _, name, value in parsed(reader.get(path)).attributes if name == "id"
    )

    assert [each for each, number in ids.items() if number > 1] == []


@every_page
def test_links_that_are_ours_lead_somewhere(everybody, reader, path):
    found = {
        link.partition("?")[0].partition("#")[0] for link in links(reader.get(path))
    }

    for link in found - {""}:
        resolve(link)


@every_page
def test_nothing_is_styled_or_run_inside_a_page(everybody, reader, path):
    response = reader.get(path)
    attributes = parsed(response).attributes

    assert [each for each in attributes if each[1] == "style"] == []
    assert [each for each in attributes if each[1].startswith("on")] == []
    assert not re.search(r"<script(?![^>]* src=)", response.content.decode())


@every_page
def test_no_share_is_above_100(everybody, reader, path):
    Node.objects.update(max_pods=4)
    shares = re.findall(r"([\d\u202f]+)\u202f%", text(reader.get(path)))

    assert all(int(share.replace("\u202f", "")) <= 100 for share in shares)


@pytest.mark.parametrize(
    "path",
    [
        "/clusters/prod-eu/",
        "/clusters/prod-eu/nodes/",
        "/clusters/prod-eu/ns/",
        "/clusters/prod-eu/ip/10.0.0.19",
        f"/clusters/prod-eu/pod/{cast.uid(401)}/",
        "/search?q=script",
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_hostile_names_are_shown_and_do_nothing(everybody, reader, path):
    Pod.objects.update(name=HOSTILE, workload_name=HOSTILE)
    Node.objects.filter(pk=1).update(name=HOSTILE, zone="<script>")
    Namespace.objects.filter(pk=1).update(name="<script>alert(1)</script>")

    words = parsed(reader.get(path))

    ours = [
        value
        for tag, name, value in words.attributes
        if (tag, name) == ("script", "src") and value.startswith("/static/js/")
    ]
    assert words.tags.count("script") == len(ours)
    assert [each for each in words.attributes if each[1].startswith("on")] == []
    assert "<script>" in "".join(words.parts)


@pytest.mark.parametrize("name", ["a/b", "..", "%2e", "a b", "#x", "?"])
def test_a_name_that_is_no_path_breaks_no_list(everybody, reader, name):
    Node.objects.filter(pk=1).update(name=name)
    Pod.objects.filter(pk=401).update(name=name)

    assert reader.get("/clusters/prod-eu/nodes/").status_code == 200
    assert (
        reader.get("/clusters/prod-eu/pools/cilium-cluster-pool-v4/").status_code == 200
    )


@every_page
def test_who_sees_some_names_costs_one_query_more_at_most(everybody, reader, path):
    """The one that asks which: who sees everything needs none."""
    with_everything = queries(reader, path)
    some = Client()
    some.force_login(viewer())
    with CaptureQueriesContext(connection) as captured:
        some.get(path)

    assert len(captured) <= with_everything + 1
