"""What JavaScript adds: a theme that stays, a key for find, copying."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def ground(visitor) -> str:
    return visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("look", [{"color_scheme": "light"}], indirect=True)
def test_the_theme_switches_and_stays(visitor):
    assert ground(visitor) == "rgb(255, 255, 255)"

    visitor.page.get_by_role("button", name="Switch between light and dark").click()
    assert ground(visitor) == "rgb(15, 20, 25)"

    visitor.go("/clusters/prod-eu/")
    assert ground(visitor) == "rgb(15, 20, 25)"


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}], indirect=True)
def test_without_a_choice_the_system_decides(visitor):
    assert ground(visitor) == "rgb(15, 20, 25)"


def test_a_slash_leads_to_find_and_is_typed_elsewhere(visitor):
    visitor.page.keyboard.press("/")
    expect(visitor.page.get_by_label("Find an address")).to_be_focused()

    visitor.page.keyboard.type("a/b")
    expect(visitor.page.get_by_label("Find an address")).to_have_value("a/b")


@pytest.mark.parametrize(
    "look", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True
)
def test_an_address_is_copied_as_text(visitor):
    visitor.go("/clusters/prod-eu/ip/fd00::23")
    visitor.page.locator('[data-copy="fd00::23"]').click()

    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == "fd00::23"


@pytest.mark.parametrize("look", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_no_dead_button_is_shown(visitor):
    visitor.go("/clusters/prod-eu/ip/10.0.0.35")

    expect(visitor.page.get_by_role("button", name="Copy")).to_have_count(0)
    expect(visitor.page.get_by_role("button", name="Switch")).to_have_count(0)


def test_the_first_tab_leads_past_the_head(visitor):
    visitor.go("/clusters/prod-eu/nodes/")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("link", name="Skip to content")).to_be_focused()

    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.locator("main :focus")).to_have_count(1)


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}], indirect=True)
def test_a_theme_is_chosen_for_good_or_left_to_the_system(visitor):
    visitor.go("/account/")
    choice = visitor.page.get_by_label("Theme")

    choice.select_option("light")
    visitor.go("/account/")
    assert (ground(visitor), choice.input_value()) == ("rgb(255, 255, 255)", "light")

    choice.select_option("as the system")
    visitor.go("/account/")
    assert ground(visitor) == "rgb(15, 20, 25)"
    assert visitor.page.context.cookies(visitor.url) != []
    assert "theme" not in visitor.page.evaluate("document.cookie")


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}], indirect=True)
def test_a_theme_switched_back_follows_the_system_again(visitor):
    switch = visitor.page.get_by_role("button", name="Switch between light and dark")
    switch.click()
    switch.click()

    visitor.page.emulate_media(color_scheme="light")
    assert ground(visitor) == "rgb(255, 255, 255)"


def test_a5_the_slash_can_be_switched_off(visitor):
    visitor.go("/account/")
    visitor.page.get_by_label("leads to the find box").uncheck()
    visitor.go("/clusters/prod-eu/")
    visitor.page.keyboard.press("/")

    expect(visitor.page.get_by_label("Find an address")).not_to_be_focused()
