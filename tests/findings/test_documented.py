"""What the documentation says of the rules is what they say of themselves."""

from ipamweb.findings.rules import RULES
from tests.source import ROOT


def test_every_rule_stands_in_the_documentation_with_its_grace_period():
    text = (ROOT / "docs" / "audit.md").read_text()

    for rule in RULES.values():
        minutes = int(rule.grace.total_seconds() // 60)
        row = f"| {rule.id} | `{rule.kind}` | {rule.sentence} | {minutes} min |"
        assert row in text
