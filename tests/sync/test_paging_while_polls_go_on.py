"""A reader pages through what is held while polls write what changed."""

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.queries import clusters, snapshots
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.scope import EVERYTHING
from tests.sync.world import World, pod


def test_every_address_of_the_first_page_s_moment_comes_once_and_no_other(
    world: World,
) -> None:
    names = {f"10.244.1.{number}": f"p{number}" for number in range(20, 60)}
    world.add(*(pod(name, address) for address, name in names.items()))
    world.poll(complete=True)
    expected = sorted(world.held.items(), key=lambda pair: int(pair[0].split(".")[3]))
    found, cursor = [], ""
    for turn in range(7):
        row = clusters.one("prod", scope=EVERYTHING, now=world.clock.now)
        assert row is not None
        page = snapshots.listed(row, scope=EVERYTHING, window=Window(6, cursor))
        found += [
            (format_address(each.address), each.pod)
            for each in page.rows
            if each.kind == "pod"
        ]
        cursor = page.next
        # One goes behind the reader, one before, and its address is given anew.
        world.remove(f"p{20 + turn}")
        world.remove(f"p{59 - turn}")
        world.add(pod(f"new{turn}", f"10.244.1.{59 - turn}"))
        assert world.poll().closed == 2

    assert (found, cursor) == (expected, "")
