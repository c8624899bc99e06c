from ipamweb.mirror.queries import namespaces
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import ORDERS
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import uid
from tests.mirror.queries.conftest import SHOP_ONLY


def test_the_present_namespaces_are_listed_by_name(prod: ClusterRow) -> None:
    found = namespaces.listed(prod, scope=EVERYTHING)

    assert [(row.name, row.pods, row.allocated) for row in found.rows] == [
        ("batch", 3, ((4, 2), (6, 0))),
        ("default", 12, ((4, 12), (6, 12))),
        ("kube-system", 1, ((4, 0), (6, 0))),
        ("shop", 5, ((4, 4), (6, 4))),
    ]


def test_the_fullest_namespace_comes_first_when_asked(prod: ClusterRow) -> None:
    found = namespaces.listed(prod, scope=EVERYTHING, order=ORDERS["-allocated_v4"])

    assert found.rows[0].name == "default"


def test_a_part_of_a_name_finds_namespaces(prod: ClusterRow) -> None:
    found = namespaces.listed(prod, scope=EVERYTHING, q="SYS")

    assert [row.name for row in found.rows] == ["kube-system"]


def test_of_namespaces_of_one_name_the_present_one_is_found(prod: ClusterRow) -> None:
    found = namespaces.one("shop", cluster=prod, scope=EVERYTHING)

    assert found is not None
    assert found.uid == uid(102)


def test_only_namespaces_inside_the_scope_are_there(prod: ClusterRow) -> None:
    found = namespaces.listed(prod, scope=SHOP_ONLY)

    assert [row.name for row in found.rows] == ["shop"]
    assert namespaces.one("default", cluster=prod, scope=SHOP_ONLY) is None
