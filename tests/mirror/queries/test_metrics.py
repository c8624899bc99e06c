"""The counters as a monitoring system asks for them."""

from ipamweb.mirror.models import Node
from ipamweb.mirror.queries import clusters, metrics
from ipamweb.mirror.queries.metrics import NodeCount, PollSum
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import FIRST_AS_OF, uid
from tests.mirror.queries.conftest import named


def every():
    return clusters.every(scope=EVERYTHING, now=cast.NOW)


def test_nodes_are_told_with_what_their_blocks_hold_and_can_hold(people):
    assert metrics.nodes(every(), scope=EVERYTHING) == (
        NodeCount("prod-eu", "worker-a", 13, 13, ((4, 14, 14), (6, 14, 14))),
        NodeCount("prod-eu", "worker-b", 6, 13, ((4, 7, 14), (6, 6, 14))),
        NodeCount("prod-eu", "worker-c", 0, 14, ((4, 0, 14), (6, 0, 14))),
    )


def test_a_node_that_was_made_again_is_told_once_as_it_is_now(people):
    Node.objects.create(
        id=50,
        cluster_id=1,
        uid=uid(250),
        name="worker-a",
        first_seen=FIRST_AS_OF,
        slots_used=1,
        slots_total=110,
    )

    found = metrics.nodes(every(), scope=EVERYTHING)

    assert [each.name for each in found] == ["worker-a", "worker-b", "worker-c"]
    assert found[0] == NodeCount("prod-eu", "worker-a", 1, 110, ())


def test_a_node_that_is_gone_is_not_told(people):
    Node.objects.filter(name="worker-b").update(gone_at=cast.NOW)

    names = [each.name for each in metrics.nodes(every(), scope=EVERYTHING)]
    assert names == ["worker-a", "worker-c"]


def test_polls_are_told_by_kind_and_outcome(prod):
    assert metrics.polls([prod], scope=EVERYTHING) == (
        PollSum("prod-eu", "complete", "ok", 3, 7.5),
        PollSum("prod-eu", "changes", "ok", 1440, 300.25),
        PollSum("prod-eu", "changes", "failed", 2, 20.0),
    )


def test_a_cluster_that_was_never_polled_has_no_polls(people):
    assert metrics.polls([named("lab")], scope=EVERYTHING) == ()
