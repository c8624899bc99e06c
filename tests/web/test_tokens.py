"""The colours of tokens.css, by the numbers, in both themes: what must be read is
readable, what must be seen is seen, and no two marks look alike to anybody.
"""

import re
from itertools import combinations
from pathlib import Path

import pytest

from tests.web.colours import SEEN_BY, contrast, distance, luminance

CSS = Path(__file__).parents[2] / "static" / "css"
FILES = sorted(path.name for path in CSS.glob("*.css"))
COLOUR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {
    name: (light, dark)
    for name, light, dark in COLOUR.findall((CSS / "tokens.css").read_text())
}
THEMES = {"light": 0, "dark": 1}
TEXT = [
    (ink, ground)
    for ink in ("text", "muted", "link")
    for ground in ("page", "panel")
] + [
    ("text", "raised"), ("warn-text", "warn-ground"), ("fault-text", "fault-ground"),
    ("warn-text", "page"), ("fault-text", "page"), ("bar-used-ink", "bar-used"),
]  # fmt: skip
KINDS = ("pod", "router", "health", "ingress", "reserved", "leaked", "duplicate")
MARKS = [(f"kind-{kind}", "page") for kind in KINDS] + [
    ("level-4", "page"), ("level-5", "page"), ("level-6", "page"),
    ("unassigned", "page"), ("control", "page"), ("control", "panel"),
    ("bar-used", "page"), ("bar-used", "bar-track"), ("well", "page"),
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(ink, ground, theme):
    place = THEMES[theme]

    assert contrast(TOKENS[ink][place], TOKENS[ground][place]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_ink_on_each_kind_is_readable(kind, theme):
    place = THEMES[theme]
    ink, ground = TOKENS[f"kind-{kind}-ink"], TOKENS[f"kind-{kind}"]

    assert contrast(ink[place], ground[place]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_that_must_be_seen_are_seen(mark, ground, theme):
    place = THEMES[theme]

    assert contrast(TOKENS[mark][place], TOKENS[ground][place]) >= 3


@pytest.mark.parametrize(("theme", "rises"), [("light", False), ("dark", True)])
def test_the_ramp_is_monotonic_in_lightness(theme, rises):
    steps = [luminance(TOKENS[f"level-{step}"][THEMES[theme]]) for step in range(7)]

    assert steps == sorted(steps, reverse=not rises)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_no_two_kinds_look_alike(seen_by, theme):
    colours = [TOKENS[f"kind-{kind}"][THEMES[theme]] for kind in KINDS]
    closest = min(distance(*pair, seen_by=seen_by) for pair in combinations(colours, 2))

    assert closest >= 20


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_no_two_steps_of_the_ramp_look_alike(seen_by, theme):
    steps = [TOKENS[f"level-{step}"][THEMES[theme]] for step in range(7)]
    closest = min(distance(*pair, seen_by=seen_by) for pair in combinations(steps, 2))

    assert closest >= 7


@pytest.mark.parametrize("file", [name for name in FILES if name != "tokens.css"])
def test_colours_stand_in_the_tokens_alone(file):
    rules = re.sub(
        r"/\*.*?\*/|url\(#[\w-]+\)", "", (CSS / file).read_text(), flags=re.S
    )

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl|oklch", rules)


@pytest.mark.parametrize("file", FILES)
def test_each_custom_property_that_is_used_is_defined(file):
    defined = set(re.findall(r"(--[\w-]+):", (CSS / "tokens.css").read_text()))

    assert set(re.findall(r"var\((--[\w-]+)", (CSS / file).read_text())) <= defined
