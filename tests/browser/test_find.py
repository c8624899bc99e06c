"""What the find box suggests while a person types, by keys and by pointer."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def typed(opener):
    """The find box of a page, with a text typed and its suggestions below."""
    page = opener.page()
    page.goto("/clusters/prod-eu/")
    page.get_by_role("combobox", name="Find").press_sequentially("cart")
    expect(page.get_by_role("option")).to_have_count(3)
    return page


def test_suggestions_tell_what_they_are(typed):
    assert typed.get_by_role("option").first.inner_text() == (
        "shop/cart-0 pod · prod-eu"
    )
    assert typed.locator(".find [role=status]").inner_text() == "3 suggestions"
    box = typed.get_by_role("combobox", name="Find")
    assert box.get_attribute("aria-expanded") == "true"


def test_arrow_keys_choose_and_enter_opens(typed):
    typed.keyboard.press("ArrowDown")
    typed.keyboard.press("ArrowDown")
    box = typed.get_by_role("combobox", name="Find")
    assert box.get_attribute("aria-activedescendant") == "find-hit-2"

    typed.keyboard.press("Enter")
    typed.wait_for_url("**/clusters/prod-eu/pods/shop/cart-1/")


def test_a_click_opens(typed):
    typed.get_by_role("option").nth(2).click()

    typed.wait_for_url("**/clusters/prod-eu/pods/shop/cart-2/")


def test_escape_closes_and_enter_without_a_choice_finds(typed):
    typed.keyboard.press("Escape")
    expect(typed.get_by_role("option")).to_have_count(0)

    typed.keyboard.press("Enter")
    typed.wait_for_url(re.compile(r"/search\?q=cart"))


def test_what_nothing_fits_suggests_nothing(typed):
    typed.keyboard.type("-of-no-name")

    expect(typed.get_by_role("option")).to_have_count(0)
    box = typed.get_by_role("combobox", name="Find")
    assert box.get_attribute("aria-expanded") == "false"
