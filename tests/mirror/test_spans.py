"""What was so at an instant: a beginning belongs to a span, an end does not."""

import pytest

from ipamweb.mirror.models import Namespace, Node, NodeVersion
from tests.cast import at
from tests.mirror.queries.conftest import people as people

pytestmark = pytest.mark.usefixtures("people")


@pytest.mark.parametrize(
    ("clock", "zones"),
    [
        ("11:59:59", []),
        ("12:00:00", ["eu-z"]),
        ("12:29:59", ["eu-z"]),
        ("12:30:00", ["eu-a"]),
        ("23:00:00", ["eu-a"]),
    ],
)
def test_of_versions_one_is_valid_at_an_instant(clock: str, zones: list[str]) -> None:
    node = Node.objects.get(name="worker-a")
    for zone, begin, end in [
        ("eu-z", "12:00:00", "12:30:00"),
        ("eu-a", "12:30:00", ""),
    ]:
        NodeVersion.objects.create(
            node=node,
            zone=zone,
            valid_from=at(begin),
            valid_to=at(end) if end else None,
        )

    found = NodeVersion.objects.valid_at(at(clock), node=node)

    assert [version.zone for version in found] == zones


def test_a_thing_is_there_until_it_is_known_gone() -> None:
    Namespace.objects.filter(name="batch").update(gone_by=at("12:25:05"))

    def names(clock: str) -> set[str]:
        found = Namespace.objects.there_at(at(clock), name="batch")
        return {each.name for each in found}

    assert names("12:25:04") == {"batch"}
    assert names("12:25:05") == set()
