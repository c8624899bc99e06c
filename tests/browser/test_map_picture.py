"""What the picture of a map shows is what is so, in the colours of the tokens."""

import pytest

from ipamweb.addressing.ranges import format_address, parse_address
from tests.browser import map_worlds
from tests.browser.opening import drawn, pixel, pixels, token

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Of the cast: the first and last address of each run, in 10.0.0.0/24.
RUNS = [
    (0, 15, "page"), (16, 16, "kind-reserved"), (17, 17, "kind-router"),
    (18, 18, "kind-health"), (19, 30, "kind-pod"), (31, 32, "kind-reserved"),
    (33, 33, "kind-router"), (34, 34, "kind-health"), (35, 38, "kind-pod"),
    (39, 39, "kind-duplicate"), (40, 46, "panel"), (47, 48, "kind-reserved"),
    (49, 59, "panel"), (60, 61, "kind-reserved"), (62, 62, "panel"),
    (63, 63, "kind-reserved"), (64, 255, "page"),
]  # fmt: skip
CELLS = {
    f"10.0.0.{last}": name
    for start, end, name in RUNS
    for last in range(start, end + 1)
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_g2_every_cell_has_the_colour_of_its_kind_at_three_scales(opener, theme):
    page = opener.map("10.0.0.0/24", color_scheme=theme)
    colours = {name: token(page, name) for name in set(CELLS.values())}
    wanted = {address: colours[name] for address, name in CELLS.items()}

    for cidr, least in (
        ("10.0.0.0/20", 256),
        ("10.0.0.0/24", 256),
        ("10.0.0.32/28", 16),
    ):
        page.evaluate("(cidr) => ipamMap.fit(cidr)", cidr)
        drawn(page)
        found = pixels(page, list(CELLS))

        assert len(found) >= least
        assert found == {address: wanted[address] for address in found}


def test_a_change_of_theme_paints_the_picture_anew(opener):
    page = opener.map("10.0.0.0/24", color_scheme="light")
    drawn(page)
    before = pixels(page, ["10.0.0.35"])

    page.click("[data-switch-theme]")
    drawn(page)

    after = pixels(page, ["10.0.0.35"])
    assert after == {"10.0.0.35": token(page, "kind-pod")} != before


def test_g3_another_length_of_blocks_moves_no_address(opener):
    page = opener.map("10.0.0.0/24")
    ask = "(all) => all.map((ip) => ipamMap.rectOf(`${ip}/32`))"
    addresses = [format_address(parse_address("10.0.0.0") + n * 37) for n in range(110)]
    before = page.evaluate(ask, addresses)

    map_worlds.cut("10.0.0.0/20", 27)
    map_worlds.move_block(2, "10.0.0.32/27")
    page.reload()
    page.wait_for_selector("#map[data-ready]")

    assert page.evaluate(ask, addresses) == before
    assert page.evaluate("() => ipamMap.stats().free") == 128 - 2


def test_g4_not_assigned_unused_and_free_are_three_pictures(opener):
    map_worlds.with_large_blocks()
    page = opener.map("10.0.0.0/12")

    def middle(cidr: str) -> list[float]:
        x, y, width, height = page.evaluate("(cidr) => ipamMap.rectOf(cidr)", cidr)
        return [x + width / 2, y + height / 2, x + 1, y + 1]

    unused, unassigned = middle("10.0.2.0/24"), middle("10.0.3.0/24")
    assert (
        pixel(page, *unused[:2]) == pixel(page, *unused[2:]) == token(page, "level-0")
    )
    assert pixel(page, *unassigned[:2]) == token(page, "unassigned")
    assert pixel(page, *unassigned[2:]) == token(page, "page")
    page.evaluate("() => ipamMap.fit('10.0.0.0/24')")
    drawn(page)
    assert pixels(page, ["10.0.0.99"]) == {"10.0.0.99": token(page, "panel")}


def test_the_legend_lists_the_scale_in_use_and_letters_beside_colours(opener):
    page = opener.map("10.0.0.0/24")
    codes = page.locator("[data-value]").evaluate_all(
        "(all) => all.map((each) => each.dataset.code)"
    )

    assert page.is_visible("text=health check")
    assert not page.is_visible("#map-legends >> text=not assigned")
    assert codes[1:6] == ["pod", "gw", "hc", "ing", "res"]


def test_letters_are_written_in_turns_until_all_are_there(opener):
    page = opener.map("10.0.0.0/24", viewport={"width": 1900, "height": 1400})
    page.evaluate("() => ipamMap.most()")

    page.evaluate("() => ipamMap.fit('10.0.0.0/26')")
    page.wait_for_function("() => ipamMap.stats().waiting === 0")

    assert 0 < page.evaluate("() => ipamMap.most().fillText") <= 400


@pytest.mark.parametrize(
    ("motion", "fades"), [("no-preference", True), ("reduce", False)]
)
def test_scales_fade_into_each_other_unless_motion_is_unwanted(opener, motion, fades):
    map_worlds.with_large_blocks()
    page = opener.map("10.0.0.0/12", reduced_motion=motion)

    seen = page.evaluate(
        """async () => {
            const frame = () => new Promise(requestAnimationFrame);
            ipamMap.fit("10.0.0.0/24");
            const seen = [];
            for (let n = 0; n < 4; n += 1) {
                await frame();
                seen.push(ipamMap.stats().isFading);
            }
            return seen;
        }"""
    )

    assert any(seen) is fades
    # Then the picture stands still: nothing is drawn for a quarter of a second.
    page.wait_for_function(
        """() => {
            const { frames } = ipamMap.stats();
            const isStill = frames === window.framesBefore;
            window.framesBefore = frames;
            return isStill;
        }""",
        polling=250,
    )


@pytest.mark.parametrize(
    ("world", "cidr", "words", "level"),
    [
        (
            map_worlds.without_blocks,
            "10.0.0.0/20",
            "256 blocks free; the first node may take 10.0.0.0/28.",
            "addresses",
        ),
        (map_worlds.full, "10.0.0.0/20", "42 of 42 pod slots", "addresses"),
        (map_worlds.overlapping, "10.0.0.0/16", "overlaps another block", "blocks"),
        (map_worlds.large, "10.0.0.0/8", "3 of 65\u202f536 blocks", "supernets"),
    ],
    ids=["no nodes", "full", "overlap", "large"],
)
def test_m10_extreme_pools_are_drawn_and_told(opener, world, cidr, words, level):
    world()
    page = opener.map(cidr)
    drawn(page)

    assert words in page.content()
    assert page.evaluate("() => ipamMap.stats().level") == level
