"""What /metrics tells, to whom, and that others can read it."""

import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as read_open_metrics,
)
from prometheus_client.parser import text_string_to_metric_families as read_text

from ipamweb.access import tokens
from ipamweb.mirror.models import Cluster, Node
from ipamweb.sync import outcome
from ipamweb.sync.outcome import PollResult
from tests import cast, cast_findings, cast_people
from tests.source import ROOT

pytestmark = pytest.mark.django_db
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
V4, V6 = "cilium-cluster-pool-v4", "cilium-cluster-pool-v6"


@pytest.fixture
def prod(stopped_clock: None) -> Cluster:
    return cast.insert().prod


def token(user, **terms):
    return tokens.create(user, now=cast.NOW, **terms)


def scrape(text="", *, peer="203.0.113.9", accept="*/*"):
    headers = {"Accept": accept}
    if text:
        headers["Authorization"] = f"Bearer {text}"
    return Client().get("/metrics", headers=headers, REMOTE_ADDR=peer)


@pytest.fixture
def told(prod):
    """Every sample by its name and labels, as the library of Prometheus reads it."""
    return samples(read_text(scrape(token(cast.user())).content.decode()))


def samples(families):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("name", "labels", "value"),
    [
        # 2026-11-22T14:00:00Z
        ("cluster_as_of_timestamp_seconds", ("prod-eu",), 1795356000.0),
        # 256 blocks of 16, of which 14 can be handed out.
        ("pool_addresses", ("prod-eu", V4, "4", "allocated"), 21),
        ("pool_addresses", ("prod-eu", V4, "4", "reserved"), 512),
        ("pool_addresses", ("prod-eu", V4, "4", "free"), 3563),
        ("pool_capacity", ("prod-eu", V4, "4"), 3584),
        ("pool_blocks", ("prod-eu", V6, "6", "assigned"), 3),
        ("pool_blocks", ("prod-eu", V6, "6", "free"), 253),
        ("node_addresses", ("prod-eu", "worker-b", "4"), 7),
        ("node_addresses", ("prod-eu", "worker-b", "6"), 6),
        ("node_capacity", ("prod-eu", "worker-b", "6"), 14),
        ("node_pod_slots", ("prod-eu", "worker-b", "used"), 6),
        ("node_pod_slots", ("prod-eu", "worker-b", "total"), 13),
        ("findings", ("prod-eu", "F07", "critical"), 1),
        ("polls_total", ("prod-eu", "changes", "ok"), 1440),
        ("polls_total", ("prod-eu", "changes", "failed"), 2),
        ("poll_seconds_sum", ("prod-eu", "changes"), 320.25),
        ("poll_seconds_count", ("prod-eu", "changes"), 1442),
    ],
)
def test_a_metric_says_what_the_pages_say(told, name, labels, value):
    assert told[f"ipamweb_{name}", *labels] == value


def test_a_cluster_never_read_is_no_older_than_anything(told):
    assert ("ipamweb_cluster_as_of_timestamp_seconds", "lab") not in told


def test_series_follow_nodes_and_no_address_is_a_label(told):
    assert len(told) == 1 + 6 + 2 + 4 + 3 * 6 + 1 + 3 + 4
    assert not {label for key in told for label in key if label.count(".") == 3}


def test_both_formats_say_the_same(prod):
    text = token(cast.user())
    plain, open_metrics = scrape(text), scrape(text, accept=OPEN_METRICS)

    assert plain["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert open_metrics["Content-Type"] == f"{OPEN_METRICS}; charset=utf-8"
    assert samples(read_open_metrics(open_metrics.content.decode())) == samples(
        read_text(plain.content.decode())
    )


def test_prometheus_is_answered_in_what_it_likes_best(prod):
    accept = (
        "application/openmetrics-text;version=1.0.0;q=0.8,"
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    )

    answer = scrape(token(cast.user()), accept=accept)

    assert answer["Content-Type"].startswith(OPEN_METRICS)


def test_every_metric_stands_in_the_documentation_with_its_labels(prod):
    document = (ROOT / "docs" / "metrics.md").read_text()
    answer = scrape(token(cast.user()))

    for family in read_text(answer.content.decode()):
        for sample in family.samples[-2:]:
            labels = " ".join(f"`{name}`" for name in sample.labels)
            row = rf"^\|.*`{sample.name}`.* \| {labels} \|"
            assert re.search(row, document, re.MULTILINE), (sample.name, labels)


@pytest.mark.parametrize("accept", ["*/*", OPEN_METRICS])
def test_every_metric_has_a_kind_and_a_meaning(prod, accept):
    read = read_open_metrics if accept == OPEN_METRICS else read_text
    answer = scrape(token(cast.user()), accept=accept)

    families = {each.name: each for each in read(answer.content.decode())}
    kinds = {name.removeprefix("ipamweb_"): f.type for name, f in families.items()}
    assert kinds == {
        "cluster_as_of_timestamp_seconds": "gauge", "pool_addresses": "gauge",
        "pool_capacity": "gauge", "pool_blocks": "gauge", "node_addresses": "gauge",
        "node_capacity": "gauge", "node_pod_slots": "gauge", "findings": "gauge",
        "polls": "counter", "poll_seconds": "summary",
    }  # fmt: skip
    assert all(each.documentation for each in families.values())


HOSTILE = 'a"} 1\nevil{x="\\n\\'


def test_a_hostile_name_stays_inside_its_label(prod):
    Node.objects.filter(name="worker-a").update(name=HOSTILE)

    text = token(cast.user())

    for accept, read in [("*/*", read_text), (OPEN_METRICS, read_open_metrics)]:
        answer = scrape(text, accept=accept)
        found = samples(read(answer.content.decode()))
        assert found["ipamweb_node_pod_slots", "prod-eu", HOSTILE, "used"] == 13
        assert not [key for key in found if key[0] == "evil"]


def test_it_costs_the_same_queries_with_3_nodes_and_with_30(prod):
    text = token(cast.user())
    scrape(text)
    with CaptureQueriesContext(connection) as with_3:
        scrape(text)
    cast.more_nodes(27)
    with CaptureQueriesContext(connection) as with_30:
        scrape(text)

    # One finds the token.
    assert (len(with_3), len(with_30)) == (8, 8)


def test_polls_never_become_fewer_when_runs_are_pruned(prod):
    before = samples(read_text(scrape(token(cast.user())).content.decode()))
    outcome.record_run(
        prod, PollResult("prod-eu", seconds=0.5), started=cast.NOW, now=cast.NOW
    )
    prod.runs.all().delete()
    after = samples(read_text(scrape(token(cast_people.viewer())).content.decode()))

    key = ("ipamweb_polls_total", "prod-eu", "changes", "ok")
    assert (before[key], after[key]) == (1440, 1441)


@pytest.mark.parametrize(
    ("networks", "peer", "status"),
    [
        ([], "203.0.113.9", 401),
        (["203.0.113.0/24"], "203.0.113.9", 200),
        (["203.0.113.0/24"], "::ffff:203.0.113.9", 200),
        (["203.0.113.0/24"], "198.51.100.9", 401),
        (["203.0.113.0/24"], "", 401),
        (["2001:db8::/64"], "2001:db8::9", 200),
    ],
)
def test_without_a_token_only_allowed_networks_read(
    prod, settings, networks, peer, status
):
    settings.IPAMWEB_METRICS_NETWORKS = [ip_network(each) for each in networks]

    answer = scrape(peer=peer)

    assert answer.status_code == status
    assert answer.has_header("WWW-Authenticate") == (status == 401)


def test_a_header_of_anybody_makes_nobody_a_network(prod, settings):
    settings.IPAMWEB_METRICS_NETWORKS = [ip_network("10.0.0.0/8")]
    forged = {"X-Forwarded-For": "10.1.2.3"}

    refused = Client().get("/metrics", headers=forged, REMOTE_ADDR="203.0.113.9")
    settings.IPAMWEB_TRUSTED_PROXIES = [ip_network("203.0.113.9")]
    believed = Client().get("/metrics", headers=forged, REMOTE_ADDR="203.0.113.9")

    assert (refused.status_code, believed.status_code) == (401, 200)


def test_a_bad_token_is_refused_from_an_allowed_network_too(prod, settings):
    settings.IPAMWEB_METRICS_NETWORKS = [ip_network("203.0.113.0/24")]
    old = token(cast.user(), expires_at=cast.NOW - timedelta(seconds=1))

    assert {scrape(text).status_code for text in ("nothing", old)} == {401}


def test_a_session_does_not_read_it(signed_in):
    assert signed_in.get("/metrics").status_code == 401


def test_a_token_counts_the_findings_of_its_user_and_names_no_namespace(prod, settings):
    settings.IPAMWEB_METRICS_NETWORKS = [ip_network("203.0.113.0/24")]
    cast_findings.of_pod(prod)
    victor = scrape(token(cast_people.viewer())).content.decode()
    network = scrape().content.decode()

    rules = [
        [line for line in text.splitlines() if "F06" in line]
        for text in (victor, network)
    ]
    assert rules == [
        [],
        ['ipamweb_findings{cluster="prod-eu",rule="F06",severity="high"} 1'],
    ]
    assert not [name for name in ("shop", "batch", "kube-system") if name in network]
