"""Each rule: what is wrong is one finding with both sides, what looks alike is none."""

import pytest

from ipamweb.findings.rules import MODULES, RULES
from ipamweb.mirror.models import Cluster
from tests.findings import fixtures, world

pytestmark = pytest.mark.django_db


def cases(table):
    return [
        pytest.param(rule, change, id=f"{rule}-{number}")
        for rule, changes in table.items()
        for number, change in enumerate(changes, start=1)
    ]


def test_nothing_is_found_where_nothing_is_wrong():
    world.insert()

    assert world.found() == []


@pytest.mark.parametrize(("rule", "change"), cases(fixtures.WRONG))
def test_what_is_wrong_is_exactly_one_finding_with_both_sides(rule, change):
    world.insert()
    change()

    [(found, candidate)] = world.found()

    assert found == rule
    assert len(candidate.records) >= 2
    assert all(each.what and each.read_from for each in candidate.records)
    assert candidate.message.endswith(".")
    assert candidate.command.startswith("kubectl ")


@pytest.mark.parametrize(("rule", "change"), cases(fixtures.ALIKE))
def test_what_looks_alike_is_no_finding(rule, change):
    world.insert()
    change()

    assert world.found() == []


@pytest.mark.parametrize(("rule", "change"), cases(fixtures.WRONG))
def test_where_nodes_cidrs_are_not_handed_out_of_their_rules_are_silent(rule, change):
    world.insert()
    change()
    Cluster.objects.update(mode="calico")

    assert [each for each, _ in world.found() if not RULES[each].anywhere] == []


def test_what_a_person_may_do_is_said_for_the_mode_of_the_cluster():
    rule = RULES["F13"]

    assert "CiliumNode is deleted" in rule.step_in("cluster-pool")
    assert "Node is deleted; kube-controller-manager" in rule.step_in("kubernetes")
    assert rule.step_in("multi-pool") == rule.step


def test_every_rule_has_both_fixtures_and_an_id_of_its_own():
    assert set(RULES) == set(fixtures.WRONG) == set(fixtures.ALIKE)
    assert len(RULES) == len(MODULES) == len({each.kind for each in RULES.values()})
