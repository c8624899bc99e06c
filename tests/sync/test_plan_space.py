"""What objects of nodes state makes of blocks, node addresses and pool ranges."""

from ipamweb.addressing import records
from ipamweb.addressing.ranges import Range, format_address, parse_address, parse_cidr
from ipamweb.sync.changes import Bounds, Gone
from ipamweb.sync.plan_space import (
    KnownAddress,
    KnownBlock,
    KnownRange,
    SpaceObject,
    SpacePlan,
    owner_key,
    plan_ranges,
    plan_space,
)
from tests.sync.world import at

BOUNDS = Bounds(at("12:00:00"), at("12:00:05"), at("12:00:05"))
ONE, TWO = "10.0.1.0/24", "10.0.2.0/24"


def block(cidr: str, rule: str = "assumed") -> records.Block:
    return records.Block(parse_cidr(cidr), "w1", "w1-uid", "cilium", rule)


def address(text: str, kind: records.Kind = "router") -> records.NodeAddress:
    return records.NodeAddress(
        parse_address(text), kind, "", "w1", "w1-uid", "ciliumnode.spec"
    )


def known_block(cidr: str, rule: str = "assumed") -> KnownBlock:
    return KnownBlock(
        1, "w1-uid", parse_cidr(cidr), "w1", at("11:00:00"), capacity_rule=rule
    )


def known_address(text: str, kind: str = "router") -> KnownAddress:
    key = owner_key("w1-uid", kind)
    return KnownAddress(1, parse_address(text), at("11:00:00"), owner_key=key)


def plan(
    *seen: SpaceObject,
    gone: tuple[Gone, ...] = (),
    blocks: tuple[KnownBlock, ...] = (),
    addresses: tuple[KnownAddress, ...] = (),
) -> SpacePlan:
    return plan_space(
        seen, gone=gone, blocks=blocks, addresses=addresses, bounds=BOUNDS
    )


def w1(
    *stated: records.Block | records.NodeAddress, doubtful: bool = False
) -> SpaceObject:
    blocks = [each for each in stated if isinstance(each, records.Block)]
    addresses = [each for each in stated if isinstance(each, records.NodeAddress)]
    return SpaceObject("w1-uid", 1, blocks, addresses, doubtful)


def test_what_is_stated_first_is_opened() -> None:
    found = plan(w1(block(ONE), address("10.0.1.1")))

    assert [str(each.range) for each in found.new_blocks] == [ONE]
    [(opening, _)] = found.openings
    assert (opening.owner_key, opening.valid_from) == (
        "node:w1-uid:router", at("12:00:05"),
    )  # fmt: skip


def test_what_is_stated_again_is_left_alone() -> None:
    found = plan(
        w1(block(ONE), address("10.0.1.1")),
        blocks=(known_block(ONE),),
        addresses=(known_address("10.0.1.1"),),
    )

    assert found == SpacePlan()


def test_what_is_not_stated_any_more_has_ended() -> None:
    found = plan(
        w1(block(TWO), address("10.0.2.1")),
        blocks=(known_block(ONE),),
        addresses=(known_address("10.0.1.1"),),
    )

    assert [str(each.range) for each in found.ended_blocks] == [ONE]
    assert [str(each.range) for each in found.new_blocks] == [TWO]
    assert [format_address(each.allocation.address) for each in found.closings] == [
        "10.0.1.1"
    ]
    assert found.closings[0].ending.valid_to == at("12:00:00")


def test_R9_what_a_doubtful_object_does_not_state_goes_on() -> None:
    found = plan(
        w1(block(TWO), doubtful=True),
        blocks=(known_block(ONE),),
        addresses=(known_address("10.0.1.1"),),
    )

    assert (found.ended_blocks, found.closings) == ([], [])
    assert [str(each.range) for each in found.new_blocks] == [TWO]


def test_a_block_with_another_rule_is_another_block() -> None:
    found = plan(w1(block(ONE, "cilium-host-scope")), blocks=(known_block(ONE),))

    assert (len(found.ended_blocks), len(found.new_blocks)) == (1, 1)


def test_an_object_that_is_gone_takes_everything_along() -> None:
    found = plan(
        gone=(Gone(3, "w1-uid", "watch"),),
        blocks=(known_block(ONE),),
        addresses=(known_address("10.0.1.1"), known_address("10.0.1.2", "health")),
    )

    assert len(found.ended_blocks) == 1
    assert [each.ending.how for each in found.closings] == ["watch", "watch"]


def test_of_several_states_in_a_drain_the_last_counts() -> None:
    found = plan(w1(block(ONE)), w1(block(TWO)))

    assert [str(each.range) for each in found.new_blocks] == [TWO]


def test_an_address_that_changes_its_kind_changes_its_owner() -> None:
    found = plan(
        w1(address("10.0.1.1", "ingress")), addresses=(known_address("10.0.1.1"),)
    )

    assert len(found.closings) == 1
    assert [opening.owner_key for opening, _ in found.openings] == [
        "node:w1-uid:ingress"
    ]


def test_ranges_are_opened_and_ended_as_a_whole() -> None:
    first, second = parse_cidr("10.0.0.0/8"), parse_cidr("10.0.0.0/16")
    known = KnownRange(1, first, 24)

    new, ended = plan_ranges([records.PoolRange(second, 24)], known=[known])

    assert (new, ended) == ([records.PoolRange(second, 24)], [known])


def test_a_range_whose_block_size_changes_is_another_range() -> None:
    range_: Range = parse_cidr("10.0.0.0/8")

    new, ended = plan_ranges(
        [records.PoolRange(range_, 26)], known=[KnownRange(1, range_, 24)]
    )

    assert (len(new), len(ended)) == (1, 1)
