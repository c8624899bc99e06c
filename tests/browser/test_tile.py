"""A tile of addresses is one stop of the Tab key; inside it keys move, find free ones,
copy, and list themselves. Without a script its cells are links all the same."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NODE = "/clusters/prod-eu/nodes/worker-b/"
FOCUSED = "() => document.activeElement.title.split(',')[0]"
BOUND = "() => import('/static/js/tile.js').then(({ boundKeys }) => boundKeys)"
# From one to the next: what is pressed, and the address that then has the focus.
WAYS = [
    ("ArrowRight", "10.0.0.33"), ("ArrowLeft", "10.0.0.32"), ("ArrowLeft", "10.0.0.32"),
    ("ArrowUp", "10.0.0.32"), ("End", "10.0.0.47"), ("ArrowRight", "10.0.0.47"),
    ("Home", "10.0.0.32"), ("f", "10.0.0.40"), ("f", "10.0.0.41"),
    ("PageDown", "fd00::20"), ("Control+End", "fd00::2f"), ("Control+Home", "fd00::20"),
    ("PageUp", "10.0.0.41"), ("PageUp", "10.0.0.41"),
]  # fmt: skip


def on_grid(opener, **options):
    page = opener.page(**options)
    page.goto(NODE)
    page.locator("table.tile td a").first.focus()
    return page


def test_keys_move_inside_and_between_tiles(opener):
    page = on_grid(opener)
    went = []
    for key, _ in WAYS:
        page.keyboard.press(key)
        went.append((key, page.evaluate(FOCUSED)))

    assert went == WAYS
    assert page.locator("table.tile").first.locator('a[tabindex="0"]').count() == 1


def test_a5_the_list_of_keys_is_exactly_what_is_bound_and_inert_elsewhere(opener):
    page = on_grid(opener, permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("c")
    page.wait_for_function(
        "async () => await navigator.clipboard.readText() === '10.0.0.32'"
    )

    page.keyboard.press("?")
    told = page.locator("#tile-keys [data-key]").evaluate_all(
        "(keys) => keys.map((key) => key.dataset.key)"
    )
    assert sorted(told) == sorted(page.evaluate(BOUND))
    page.keyboard.press("Escape")

    page.locator("h1").click()
    for key in ("?", "f", "c"):
        page.keyboard.press(key)
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("() => document.activeElement.closest('.tile')") is None


def test_v1_each_cell_stands_without_a_script_and_leads_somewhere(opener):
    page = on_grid(opener, java_script_enabled=False)
    cells = page.locator(".tile").first.locator("td a[title]")
    codes = cells.evaluate_all("(all) => all.map((each) => each.innerText)")
    paths = cells.evaluate_all("(all) => [...new Set(all.map((each) => each.href))]")

    assert len(codes) == 16
    assert sum("\n" in code and "res" not in code for code in codes) == 7
    assert {page.request.get(path).status for path in paths} == {200}
