import pytest

from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.models import CoverageGap
from ipamweb.mirror.queries import addresses, clusters
from ipamweb.mirror.queries.addresses import AddressAnswer
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import at
from tests.mirror.queries.conftest import SHOP_ONLY, named


def about(
    prod: ClusterRow, text: str, clock: str = "", scope: Scope = EVERYTHING
) -> AddressAnswer:
    return addresses.about(
        parse_address(text),
        cluster=prod,
        scope=scope,
        at=at(clock) if clock else None,
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10.0.0.19", ""),
        ("10.0.0.42", "free"),
        ("10.0.0.32", "reserved-by-rule"),
        ("10.0.0.47", "reserved-by-rule"),
        ("10.0.0.60", "reserved"),
        ("10.0.1.1", "no-block"),
        ("10.1.0.0", "outside-all-pools"),
        ("fd00::27", "free"),
        ("fd00::2f", "reserved-by-rule"),
        ("fd00::a00", "no-block"),
        ("fd01::", "outside-all-pools"),
        ("::", "outside-all-pools"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "outside-all-pools"),
    ],
)
def test_why_nobody_holds_an_address(prod: ClusterRow, text: str, why: str) -> None:
    assert about(prod, text).why_nobody == why


def test_of_a_cluster_never_read_nobody_can_tell(people: cast.Cast) -> None:
    assert about(named("lab"), "10.0.0.19").why_nobody == "not-read"


def test_an_address_tells_its_pool_block_and_node(prod: ClusterRow) -> None:
    answer = about(prod, "10.0.0.35")

    assert answer.pool is not None
    assert answer.block is not None
    assert (answer.pool.slug, str(answer.pool_range)) == (
        "cilium-cluster-pool-v4", "10.0.0.0/20",
    )  # fmt: skip
    assert (str(answer.block.range), answer.block.node) == ("10.0.0.32/28", "worker-b")


def test_who_holds_it_and_who_held_it(prod: ClusterRow) -> None:
    answer = about(prod, "10.0.0.35")

    assert [row.pod for row in answer.holders] == ["cart-0"]
    assert [(row.pod, row.valid_to) for row in answer.history.rows] == [
        ("old-1", at("12:25:00"))
    ]


def test_H4_all_owners_of_an_address_are_told(prod: ClusterRow) -> None:
    assert [row.pod for row in about(prod, "10.0.0.39").holders] == ["job-1", "job-2"]


@pytest.mark.parametrize(
    ("clock", "verdict", "certain", "possible"),
    [
        ("12:09:54", "nobody", [], []),
        ("12:09:55", "possible", [], ["old-1"]),
        ("12:15:00", "held", ["old-1"], []),
        ("12:25:03", "possible", [], ["old-1"]),
        ("12:25:05", "nobody", [], []),
        ("12:29:58", "possible", [], ["cart-0"]),
        ("13:05:00", "held", ["cart-0"], []),
        ("14:00:03", "possible", [], ["cart-0"]),
    ],
)
def test_who_held_it_at_an_instant(
    prod: ClusterRow,
    clock: str,
    verdict: str,
    certain: list[str],
    possible: list[str],
) -> None:
    asked = about(prod, "10.0.0.35", clock).asked

    assert asked is not None
    assert asked.verdict == verdict
    assert [row.pod for row in asked.certain] == certain
    assert [row.pod for row in asked.possible] == possible


@pytest.mark.parametrize(
    ("clock", "blind"),
    [
        ("11:00:00", "before-history"),
        ("12:30:00", ""),
        ("13:00:00", "gap"),
        ("14:00:01", "after-as-of"),
    ],
)
def test_H8_an_answer_tells_whether_we_saw_that_instant(
    prod: ClusterRow, clock: str, blind: str
) -> None:
    asked = about(prod, "10.0.0.42", clock).asked

    assert asked is not None
    assert (asked.verdict, asked.blind) == ("unknown" if blind else "nobody", blind)


def test_a_gap_that_the_stream_outlived_hides_nobody(
    people: cast.Cast, prod: ClusterRow
) -> None:
    CoverageGap.objects.update(recovered_by="watch")

    asked = about(prod, "10.0.0.42", "13:00:00").asked

    assert asked is not None
    assert asked.verdict == "nobody"


def test_gaps_since_the_history_begins_stand_beside_it(prod: ClusterRow) -> None:
    assert [gap.id for gap in about(prod, "10.0.0.35").gaps] == [1]
    assert about(prod, "10.0.0.42").gaps == ()


def test_history_is_paged(people: cast.Cast, prod: ClusterRow) -> None:
    owner = cast.pod(480, "batch/older-1", gone_at=at("12:05:00"))
    bounds = ["12:00:00", "12:00:05", "12:05:00", "12:05:05"]
    cast.past(81, "10.0.0.35", bounds, owner=owner)
    address = parse_address("10.0.0.35")

    first = addresses.about(
        address, cluster=prod, scope=EVERYTHING, window=Window(limit=1)
    ).history
    second = addresses.about(
        address, cluster=prod, scope=EVERYTHING, window=Window(1, first.next)
    ).history

    assert [row.id for row in (*first.rows, *second.rows)] == [61, 81]
    assert second.next == ""


def test_the_past_of_an_owner_outside_the_scope_has_no_name(prod: ClusterRow) -> None:
    answer = about(prod, "10.0.0.35", "12:15:00", SHOP_ONLY)

    (past,) = answer.history.rows
    assert (past.owner_hidden, past.pod, past.uid) == (True, "", "")
    assert (past.kind, past.valid_to) == ("pod", at("12:25:00"))


def test_every_cluster_answers_for_itself(people: cast.Cast) -> None:
    every = clusters.every(scope=EVERYTHING, now=cast.NOW)

    lab, prod = addresses.across(
        parse_address("10.0.0.35"), clusters=every, scope=EVERYTHING
    )

    assert (lab.cluster.slug, lab.holders, lab.history.rows) == ("lab", (), ())
    assert (prod.cluster.slug, len(prod.holders), len(prod.history.rows)) == (
        "prod-eu", 1, 1,
    )  # fmt: skip
