"""The cast in the database, and what tests ask it as."""

import pytest

from ipamweb.mirror.queries import clusters
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import uid

# May see namespace shop of today, and nothing else by name.
SHOP_ONLY = Scope(namespaces=frozenset({(1, uid(102))}))


@pytest.fixture
def people(db: None) -> cast.Cast:
    return cast.insert()


@pytest.fixture
def prod(people: cast.Cast) -> ClusterRow:
    return named("prod-eu")


def named(slug: str) -> ClusterRow:
    found = clusters.one(slug, scope=EVERYTHING, now=cast.NOW)
    assert found is not None
    return found
