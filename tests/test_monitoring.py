"""The dashboard and the alerts ask for metrics and labels that there are.

That each alert fires when it should is asked of promtool (deploy/prometheus); here is
held that each has a case in which it fires and one in which it does not.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml
from django.db import transaction
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from promql_parser import AggregateExpr, MatchOp, VectorSelector

from ipamweb.access import tokens
from ipamweb.events.thresholds import LEVELS
from ipamweb.findings.candidates import SEVERITIES
from ipamweb.findings.rules import RULES
from tests import cast
from tests.source import ROOT

# The database is made for who says to need it; `told` reads it once for all.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PROMETHEUS = ROOT / "deploy" / "prometheus"
GROUPS = yaml.safe_load((PROMETHEUS / "rules.yaml").read_text())["groups"]
CASES = yaml.safe_load((PROMETHEUS / "rules.test.yaml").read_text())["tests"]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "ipamweb.json").read_text())
ENTRIES = [rule for group in GROUPS for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in ENTRIES if "alert" in rule}
RECORDED = {rule["record"]: rule["expr"] for rule in ENTRIES if "record" in rule}
PANELS = {panel["title"]: panel for panel in DASHBOARD["panels"]}
# What a label may say; of others it is the cluster that decides.
VALUES = {
    "rule": set(RULES),
    "severity": set(SEVERITIES),
    "kind": {"complete", "changes", "unknown"},
    "outcome": {"ok", "failed", "held"},
    "family": {"4", "6"},
    "state": {"allocated", "reserved", "free", "assigned", "used", "total"},
}


def asked() -> dict[str, str]:
    """Return every expression by where it stands."""
    found = {rule.get("alert") or rule["record"]: rule["expr"] for rule in ENTRIES}
    for title, panel in PANELS.items():
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", "5m")
            found[f"{title} {target['refId']}"] = expression
    return found


EXPRESSIONS = asked()


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker) -> dict[str, list[dict[str, str]]]:
    """The labels of each series of the cast, by metric."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast.insert()
        token = tokens.create(cast.user(), now=cast.NOW)
        headers = {"Authorization": f"Bearer {token}"}
        text = Client().get("/metrics", headers=headers).content.decode()
        transaction.set_rollback(True)
    series: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            series.setdefault(sample.name, []).append(sample.labels)
    return series


def parts(expression: Any) -> Iterator[Any]:
    """Yield an expression and all that it is made of."""
    if expression is None:
        return
    yield expression
    for name in ("lhs", "rhs", "expr", "vector_selector", "args"):
        part = getattr(expression, name, None)
        for each in part if isinstance(part, list) else [part]:
            yield from parts(each)


def selectors(expression: Any) -> list[VectorSelector]:
    found = []
    for part in parts(expression):
        if isinstance(part, VectorSelector) and part not in found:
            found.append(part)
    return found


def labels_of(name: str, told: dict[str, list[dict[str, str]]]) -> set[str]:
    """Return the labels that a metric has, or what a recorded one is grouped by."""
    if name in RECORDED:
        tree = promql_parser.parse(RECORDED[name])
        return next(
            set(part.modifier.labels)
            for part in parts(tree)
            if isinstance(part, AggregateExpr)
        )
    return set(told[name][0])


@pytest.mark.parametrize("where", EXPRESSIONS)
def test_what_is_asked_for_is_told(told, where):
    tree = promql_parser.parse(EXPRESSIONS[where])

    found = selectors(tree)
    assert found
    for selector in found:
        known = labels_of(selector.name, told)
        for matcher in selector.matchers.matchers:
            assert matcher.name in known, selector.name
            if matcher.op == MatchOp.Equal:
                assert matcher.value in VALUES[matcher.name]
    for part in parts(tree):
        if isinstance(part, AggregateExpr) and part.modifier:
            for selector in selectors(part):
                assert set(part.modifier.labels) <= labels_of(selector.name, told)


@pytest.mark.parametrize("where", EXPRESSIONS)
def test_states_and_families_are_those_of_the_metric(told, where):
    for selector in selectors(promql_parser.parse(EXPRESSIONS[where])):
        for matcher in selector.matchers.matchers:
            if matcher.name in ("state", "family"):
                series = told[selector.name]
                assert matcher.value in {each[matcher.name] for each in series}


def test_alerts_on_fill_begin_where_events_do():
    low, high = (f"{level / 100:g}" for level in LEVELS)
    said = [
        re.findall(r"ratio (\S+) (0\.\d+)", rule["expr"])
        for name, rule in ALERTS.items()
        if name.startswith(("IpamwebPool", "IpamwebNode"))
    ]

    assert said == [[(">=", low), ("<", high)], [(">=", high)]] * 3


def test_every_metric_is_on_the_dashboard(told):
    shown = {
        selector.name
        for where, expression in EXPRESSIONS.items()
        if where.rpartition(" ")[0] in PANELS
        for selector in selectors(promql_parser.parse(expression))
    }

    assert shown == set(told)


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_says_what_to_do_and_fires_in_one_case_of_two(alert):
    rule = ALERTS[alert]
    cases = [each for each in CASES if each["name"].startswith(f"{alert}: ")]

    assert rule["labels"]["severity"] in ("warning", "critical")
    assert set(rule["annotations"]) == {"summary", "action"}
    expected = [case["promql_expr_test"][0]["exp_samples"] for case in cases]
    assert [len(samples) for samples in expected] == [1, 0]
    assert rule["labels"]["severity"] in expected[0][0]["labels"]


def test_an_alert_names_only_labels_that_it_has(told):
    for rule in ALERTS.values():
        tree = promql_parser.parse(rule["expr"])
        given = set(
            re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values()))
        )
        groups = [
            set(part.modifier.labels)
            for part in parts(tree)
            if isinstance(part, AggregateExpr)
        ]
        known = groups[0] if groups else labels_of(selectors(tree)[0].name, told)
        assert given <= known, rule["alert"]


def test_every_panel_has_a_place_and_a_number_of_its_own():
    places = [tuple(panel["gridPos"].values()) for panel in PANELS.values()]

    assert len({panel["id"] for panel in PANELS.values()}) == len(PANELS)
    assert len(set(places)) == len(places)
    assert all(x + w <= 24 for x, _, w, _ in places)
