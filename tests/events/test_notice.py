"""What happened is told once, to whom it concerns."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from ipamweb.events import happenings, kinds, notice, webhooks
from ipamweb.events.models import Delivery, Event, Level
from ipamweb.findings import check
from ipamweb.findings.models import Finding
from ipamweb.mirror.models import Allocation, Block, Cluster, Node, Pod, Pool
from tests import cast, cast_findings, cast_people
from tests.events.conftest import make, told
from tests.findings import world

pytestmark = pytest.mark.django_db


def later(seconds: int = 30):
    return cast.NOW + timedelta(seconds=seconds)


def look(seconds: int = 30) -> int:
    """Notice, with the cluster read at that instant."""
    Cluster.objects.filter(slug="prod-eu").update(as_of=later(seconds))
    return notice.notice(now=later(seconds))


def fill_blocks(assigned: int) -> None:
    """Of the 256 blocks of the IPv4 pool."""
    Pool.objects.filter(pk=1).update(blocks_assigned=assigned)


def confirm(prod, seconds: int = 20, **columns) -> Finding:
    return cast_findings.of_pod(
        prod, **{"id": 77, "confirmed_at": later(seconds), **columns}
    )


def test_what_was_so_before_the_first_look_is_told_to_nobody(ada, settings):
    cast.insert()
    webhook, _ = make(ada)

    notice.notice(now=cast.NOW)

    assert (Event.objects.count() > 0, told(webhook)) == (True, [])


def test_a_finding_is_told_when_it_is_confirmed_and_when_it_is_resolved(prod, ada):
    webhook, _ = make(ada)
    finding = confirm(prod)
    assert look() == 1
    finding.state, finding.resolved_at = "resolved", later(50)
    finding.turned_at = later(50)
    finding.save()
    assert look(60) == 1

    assert [each.split(": ")[0] for each in told(webhook)] == ["prod-eu", "prod-eu"]
    assert told(webhook)[0].endswith("confirmed: 10.0.0.19 is in no CIDR of worker-a.")
    assert told(webhook)[1].endswith("resolved: 10.0.0.19 is in no CIDR of worker-a.")


def test_what_was_first_missed_before_days_without_a_look_is_told_as_resolved(ada):
    """It is resolved as of then, which is long ago when it is known."""
    webhook, _ = make(ada)
    world.insert()
    world.pod(90, 2, "10.0.2.20")

    def look_at(moment) -> None:
        Cluster.objects.update(as_of=moment, configuration_as_of=moment)
        check.run(now=moment)
        notice.notice(now=moment)

    for seconds in (0, 60, 120):
        look_at(later(seconds))
    Allocation.objects.filter(pod=90).delete()
    Pod.objects.filter(pk=90).update(host_network=True)
    look_at(later(180))
    notice.notice(now=later(3 * 86_400 - 30))
    look_at(later(3 * 86_400))

    finding = Finding.objects.get(rule="F07")
    assert (finding.state, finding.resolved_at) == ("resolved", later(180))
    of_finding = [each for each in told(webhook) if "10.0.2.20" in each]
    assert [", resolved: " in each for each in of_finding] == [False, True]


def test_a_body_names_the_subject_and_no_evidence(prod, ada, settings):
    settings.IPAMWEB_PUBLIC_URL = "https://ipam.example.org"
    make(ada)
    confirm(prod)
    look()

    body = Event.objects.get(key="finding.confirmed:77").body
    assert (body["type"], body["timestamp"]) == (
        "finding.confirmed", "2026-11-22T14:00:25Z",
    )  # fmt: skip
    assert body["data"]["url"] == "https://ipam.example.org/findings/77/"
    assert body["data"]["finding"]["subject"] == {
        "kind": "pod", "name": "default/web-01",
    }  # fmt: skip
    assert "nightly" not in str(body)


def test_looking_twice_tells_once(prod, ada):
    webhook, _ = make(ada)
    confirm(prod)

    assert [look(), look(60), look(90)] == [1, 0, 0]
    assert len(told(webhook)) == 1


def test_of_two_that_look_at_once_one_tells(prod, ada, monkeypatch):
    """The other has read the same rows, and finds the look taken when it writes."""
    webhook, _ = make(ada)
    confirm(prod)
    again = count()
    usual = notice.findings.turned

    def meanwhile(**asked):
        if next(again) == 0:
            assert notice.notice(now=later(31)) == 1
        return usual(**asked)

    monkeypatch.setattr(notice.findings, "turned", meanwhile)

    assert look() == 0
    assert len(told(webhook)) == 1


def test_a_look_that_was_cut_off_has_told_nothing_and_the_next_tells_it(
    prod, ada, monkeypatch
):
    webhook, _ = make(ada)
    confirm(prod)
    fill_blocks(200)
    with monkeypatch.context() as cut:
        cut.setattr(notice, "_send_to_whom_it_concerns", fail)
        with pytest.raises(IntegrityError):
            look()

    assert (told(webhook), Level.objects.count()) == ([], 1)
    assert look(60) == 2
    assert len(told(webhook)) == 2


def fail(*_args) -> None:
    raise IntegrityError


def test_a_pool_is_told_at_75_and_90_and_when_it_is_well_again(prod, ada):
    webhook, _ = make(ada, kinds=[kinds.POOL])
    for seconds, assigned in [
        (30, 191), (60, 192), (90, 200), (120, 231), (150, 220), (180, 170),
    ]:  # fmt: skip
        fill_blocks(assigned)
        look(seconds)

    pool = "prod-eu: pool cilium-cluster-pool-v4"
    assert told(webhook) == [
        f"{pool} reached 75 % of its blocks: 192 of 256.",
        f"{pool} reached 90 % of its blocks: 231 of 256.",
        f"{pool} fell below 75 % of its blocks: 170 of 256.",
    ]


def test_what_hovers_around_a_threshold_is_told_once(prod, ada):
    webhook, _ = make(ada)
    for seconds, assigned in [(30, 192), (60, 185), (90, 192), (120, 185), (150, 193)]:
        fill_blocks(assigned)
        look(seconds)

    assert len(told(webhook)) == 1


def test_a_node_is_told_by_its_ipv4_addresses_alone(prod, ada):
    webhook, _ = make(ada)
    # 13 of the 14 addresses of worker-b in either family.
    for block in (2, 5):
        Node.objects.get(pk=2).blocks.filter(pk=block).update(allocated=13)
    look()

    assert told(webhook) == [
        "prod-eu: node worker-b reached 90 % of its addresses: 13 of 14."
    ]


def test_a_node_that_no_page_can_name_is_told_without_a_link(prod, ada, settings):
    settings.IPAMWEB_PUBLIC_URL = "https://ipam.example.org"
    webhook, _ = make(ada)
    node = Node.objects.get(pk=2)
    Node.objects.filter(pk=2).update(name="a/b")
    node.blocks.filter(pk=2).update(allocated=13)
    look()

    assert told(webhook) == [
        "prod-eu: node a/b reached 90 % of its addresses: 13 of 14."
    ]
    assert "url" not in webhook.deliveries.get().event.body["data"]


def test_a_node_that_is_gone_leaves_no_level_and_is_no_news(prod, ada):
    webhook, _ = make(ada)
    assert Level.objects.filter(kind="node", subject="worker-a").exists()
    Node.objects.filter(name="worker-a").update(gone_at=cast.NOW)
    look()

    assert not Level.objects.filter(subject="worker-a").exists()
    assert told(webhook) == []


def test_a_cluster_is_told_when_it_is_not_seen_and_when_it_is_again(prod, ada):
    webhook, _ = make(ada)
    for seconds in (60, 119, 130, 300):
        notice.notice(now=later(seconds))
    look(360)

    assert told(webhook) == [
        "prod-eu: not seen since 2026-11-22T14:00:00Z.",
        "prod-eu: seen again.",
    ]


def test_a_cluster_that_is_paused_or_was_never_seen_is_no_news(prod, ada):
    webhook, _ = make(ada)
    Cluster.objects.filter(slug="prod-eu").update(paused=True)

    assert notice.notice(now=later(600)) == 0
    assert told(webhook) == []


def test_while_a_cluster_is_not_seen_nothing_is_said_of_its_pools(prod, ada):
    webhook, _ = make(ada, kinds=[kinds.POOL])
    fill_blocks(250)
    notice.notice(now=later(600))

    assert told(webhook) == []


def test_only_the_kinds_that_were_asked_for_are_sent(prod, ada):
    webhook, _ = make(ada, kinds=[kinds.STALE])
    confirm(prod)
    fill_blocks(200)
    look()

    assert told(webhook) == []


def test_a_webhook_of_a_team_is_told_of_its_own_pods_alone(prod, ada):
    ours = cast_people.team("ours")
    cast_people.owns(ours, "default")
    cast_people.team("others")
    mine, _ = make(ada, team="ours")
    others, _ = make(ada, team="others")
    everything, _ = make(ada)
    confirm(prod)
    look()

    assert [len(told(each)) for each in (mine, others, everything)] == [1, 0, 1]


def queries_of_a_look(prod, count: int, seconds: int) -> int:
    """Let so many more nodes fill up and pods be at fault; return what a look costs."""
    block = Node.objects.get(pk=2).blocks.get(pk=2)
    first = Node.objects.count() + 1000
    nodes = Node.objects.bulk_create(
        Node(
            cluster=prod,
            uid=f"n-{number}",
            name=f"n-{number}",
            first_seen=cast.NOW,
            slots_total=110,
        )
        for number in range(first, first + count)
    )
    for node in nodes:
        block.pk, block.node, block.allocated = None, node, 13
        block.object_uid = node.uid
        block.save(force_insert=True)
        confirm(
            prod, seconds, id=first * 10 + node.pk, key=node.uid, namespace_uid="none"
        )
    with CaptureQueriesContext(connection) as asked:
        assert look(seconds) == count + (count if count <= happenings.MOST_ALONE else 1)
    return len(asked)


def test_a_look_takes_as_many_queries_for_sixty_nodes_as_for_two(prod, ada):
    cast_people.team("ours")
    webhook, _ = make(ada)
    make(ada, team="ours")

    few = queries_of_a_look(prod, 2, 30)
    many = queries_of_a_look(prod, 60, 60)

    # A statement of SQLite takes 999 values: what is written is cut there.
    assert many <= few + 3
    assert len(told(webhook)) == 2 + 2 + 60 + 1
    Block.objects.filter(node__uid__startswith="n-").update(allocated=0)
    with CaptureQueriesContext(connection) as asked:
        assert look(90) == 1
    assert len(asked) <= few
    assert not Level.objects.filter(subject__startswith="n-").exists()


def test_many_nodes_that_cross_at_once_are_told_as_one(prod, ada, settings):
    settings.IPAMWEB_PUBLIC_URL = "https://ipam.example.org"
    webhook, _ = make(ada, kinds=[kinds.NODE])
    queries_of_a_look(prod, 20, 30)
    assert len(told(webhook)) == 20
    # Of 14 each.
    Block.objects.filter(node__uid__startswith="n-").update(allocated=11)
    block = Node.objects.get(pk=2).blocks.filter(pk=2)
    block.update(allocated=13)
    look(60)

    last = webhook.deliveries.order_by("-id")[0].event.body["data"]
    assert last["summary"] == (
        "prod-eu: 21 nodes crossed at once: 20 fell below 90 %, 1 reached 90 % of their"
        " addresses."
    )
    assert len(told(webhook)) == 21
    assert (last["count"], len(last["nodes"]), last["level"]) == (21, 20, 90)
    assert last["subject"] == {"kind": "cluster", "name": "prod-eu"}
    assert last["url"] == "https://ipam.example.org/clusters/prod-eu/nodes/"
    levels = Level.objects.filter(kind="node").exclude(subject="worker-a")
    assert sorted(levels.values_list("level", flat=True)) == [75] * 20 + [90]


def test_how_full_things_are_is_told_to_every_team(prod, ada):
    cast_people.team("others")
    others, _ = make(ada, team="others")
    cast_findings.doubled(prod, id=78, key="10.0.0.40", confirmed_at=later(20))
    fill_blocks(200)
    look()

    assert len(told(others)) == 2


def test_nothing_is_made_for_a_webhook_that_is_paused(prod, ada):
    webhook, _ = make(ada)
    webhooks.change(webhook.pk, by=ada, state="paused")
    confirm(prod)
    look()

    assert told(webhook) == []


def test_events_are_forgotten_with_their_deliveries_and_not_told_again(prod, ada):
    make(ada)
    confirm(prod)
    look()
    after = 31 * 86_400
    look(after)

    assert notice.forget(before=later(after - 86_400)) > 0
    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)
    assert look(after + 30) == 0


def test_what_the_next_look_could_take_for_news_is_not_forgotten(prod, ada):
    make(ada)
    confirm(prod)
    look()

    assert notice.forget(before=later(31 * 86_400)) == 0
    look(31 * 86_400)
    assert Event.objects.filter(kind=kinds.CONFIRMED, key__endswith=":77").count() == 1
