import re

import pytest

from ipamweb.addressing.records import KINDS
from ipamweb.cidrmap import legend
from ipamweb.cidrmap.legend import held_byte, step
from tests.source import ROOT

TOKENS = (ROOT / "static/css/tokens.css").read_text()


def test_every_kind_of_the_records_has_a_state_of_its_own() -> None:
    assert set(KINDS) <= set(legend.STATES)
    assert [state.value for state in legend.STATES.values()] == list(range(13))
    assert len({state.code for state in legend.STATES.values()}) == 13


@pytest.mark.parametrize(
    ("byte", "state"),
    [(0x00, "free"), (0x01, "pod"), (0x11, "pod"), (0x4B, "unknown"), (0xFF, None)],
)
def test_a_byte_tells_the_state(byte: int, state: str | None) -> None:
    assert legend.state_of_byte(byte) == state


def test_a_held_address_is_its_kind_and_flags() -> None:
    assert held_byte("pod") == 0x01
    assert held_byte("pod", terminating=True, conflict=True) == 0x51
    assert held_byte("router", borrowed=True) == 0x82
    assert held_byte("pod", cooling_down=True) == 0x0C
    assert held_byte("a kind of tomorrow") == 0x0B


def test_no_held_address_looks_like_one_outside_of_blocks() -> None:
    every = {
        held_byte(kind, terminating=True, conflict=True, borrowed=True)
        for kind in KINDS
    }

    assert legend.OUTSIDE not in {byte | legend.SUSPECTED for byte in every}


@pytest.mark.parametrize(
    ("part", "whole", "style"),
    [
        (0, 110, "level-0"), (10, 100, "level-1"), (49, 100, "level-2"),
        (50, 100, "level-3"), (84, 100, "level-4"), (85, 100, "level-5"),
        (105, 110, "level-6"), (112, 110, "level-6"),
    ],
)  # fmt: skip
def test_a_share_has_one_of_seven_steps(part: int, whole: int, style: str) -> None:
    found = step(part, whole)

    assert found is not None
    assert found.style == style


def test_a_share_of_nothing_has_no_step() -> None:
    assert step(0, 0) is None


def test_an_alarm_is_never_told_by_colour_alone() -> None:
    assert [each.mark for each in legend.STEPS] == ["", "", "", "", "", "▲", "▲▲"]


def test_every_style_has_a_colour() -> None:
    kinds = {state.style for state in legend.STATES.values()} - {"free"}
    marks = {mark.style for mark in legend.MARKS} - {""}
    steps = {each.style for each in legend.STEPS}
    wanted = {f"kind-{name}" for name in kinds | marks} | steps

    assert wanted <= set(re.findall(r"--([a-z0-9-]+):", TOKENS))


def test_a_word_names_a_kind_by_name_or_code() -> None:
    assert legend.kind_of_word("gw") == legend.kind_of_word("router") == "router"
    assert legend.kind_of_word("cheese") is None
