"""Columns are chosen and a view is saved in a real browser: by keys alone, without
scripts, and with nothing that axe finds to say of the open forms."""

import json

import pytest
from playwright.sync_api import expect

from ipamweb.access.models import SavedView
from tests.browser.test_axe import violations

pytestmark = pytest.mark.browser

NODES = "/clusters/prod-eu/nodes/"


def pressed(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_columns_are_chosen_saved_and_opened_by_keys_alone_without_scripts(opener):
    page = opener.page(java_script_enabled=False)
    page.goto(NODES)

    page.get_by_text("Columns", exact=False).first.focus()
    # The first box is Node, with its place; the second is Zone.
    pressed(page, "Enter", "Tab", "Tab")
    page.keyboard.type("2")
    pressed(page, "Tab", "Tab")
    page.keyboard.type("1")
    pressed(page, "Tab", "Space", "Enter")
    page.wait_for_url(f"**{NODES}?columns=**")
    heads = page.locator("table.rows thead th")
    expect(heads.nth(0)).to_have_text("Zone")
    expect(page.get_by_role("columnheader", name="Node pool")).to_have_count(0)

    page.get_by_text("Save this view").focus()
    pressed(page, "Enter", "Tab")
    page.keyboard.type("by zone")
    pressed(page, "Enter")
    page.wait_for_url(f"**{NODES}?view=by+zone")

    expect(page.get_by_role("status").filter(has_text="View by zone")).to_be_visible()
    expect(heads.nth(0)).to_have_text("Zone")
    expect(page.get_by_role("link", name="by zone")).to_have_attribute(
        "aria-current", "true"
    )
    assert SavedView.objects.get().columns[0] == "zone"


def test_axe_finds_nothing_in_the_open_forms(opener):
    page = opener.page()
    page.goto(f"{NODES}?columns=zone,name,slots_used&zone=eu-b")
    for summary in page.locator(".tool > summary").all():
        summary.click()

    found = list(violations(page))

    assert found == [], json.dumps(found, indent=1)
