"""The overview and its drawings, as a browser shows them."""

import pytest
from playwright.sync_api import Page

from tests import cast_usage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PROD = "/clusters/prod-eu/"
COLOUR = "each => getComputedStyle(each).stroke"


def size(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["width"], box["height"]


def test_v1_without_javascript_lines_bars_and_words_are_there(opener):
    cast_usage.insert()
    page = opener.page(java_script_enabled=False)
    page.goto(PROD)

    width, height = size(page, ".spark")
    assert (width > 90, height) == (True, 24)
    assert page.locator(".chart-box rect.bar-used").count() >= 10
    assert "is the fullest pool: 253 of its 256 /28 blocks are left" in page.inner_text(
        ".sentence"
    )


def test_what_was_not_seen_is_a_band_beside_the_line_in_both_themes(opener):
    cast_usage.insert()
    page = opener.page()
    page.goto(PROD)
    lines = set()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        lines.add(page.locator(".spark-line").first.evaluate(COLOUR))

    assert page.locator(".spark").first.locator(".spark-gap").count() == 1
    assert len(lines) == 2


def test_on_a_phone_a_pool_is_a_card_that_shows_all_of_it(opener):
    cast_usage.insert()
    page = opener.page(viewport={"width": 360, "height": 900})
    page.goto(PROD)

    boxes = [each.bounding_box() for each in page.locator(".cards .spark").all()]
    assert boxes
    assert all(box and box["x"] + box["width"] <= 360 for box in boxes)
