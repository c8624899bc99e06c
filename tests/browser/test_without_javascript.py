"""With JavaScript off every page answers its question, and shows no dead control."""

import pytest
from playwright.sync_api import expect

from tests.published import PAGES

pytestmark = pytest.mark.browser

# What a reader comes for, by the name of the page.
ANSWER = {
    "fleet": "prod-eu",
    "cluster": "10.0.0.0/20",
    "pools": "cilium-cluster-pool-v4",
    "pool": "10.0.0.16/28",
    "map": "10.0.0.0/24",
    "map_panel": "10.0.0.0/24",
    "nodes": "worker-a",
    "node": "10.0.0.16/28",
    "pod": "It holds 10.0.0.19 and fd00::13.",
    "pod_of_uid": "It holds 10.0.0.19 and fd00::13.",
    "allocations": "default/web-01",
    "namespaces": "kube-system",
    "namespace": "Its 5 pods hold 8 addresses",
    "address": "Held now by 2 owners at once",
    "problems": "shop/odd-0",
    "everywhere": "lab was never read",
    "plan": "fd00::/116",
    "findings": "Duplicate pod address",
    "finding": "10.0.0.39",
    "search": "default/web-01",
    "audit": "Newest first",
    "admin_clusters": "kubeconfig",
    "teams": "platform",
    "team": "Namespaces it owns now",
    "admin_teams": "A new team",
    "admin_users": "auditor",
    "account": "Change your password",
    "saved_views": "Beside each table",
    "admin_webhooks": "A new webhook",
    "admin_webhook": "hooks.example.org",
}


@pytest.fixture
def page(opener):
    return opener.page(java_script_enabled=False)


def test_every_page_answers_and_shows_no_dead_control(page):
    wrong = {}
    for name, path in PAGES.items():
        page.goto(path)
        dead = page.locator("button[type=button]:visible").all_inner_texts()
        if ANSWER[name] not in page.locator("main").inner_text() or dead:
            wrong[name] = dead or "no answer"

    assert wrong == {}


def test_the_grid_of_a_node_says_what_the_api_says(page):
    page.goto("/clusters/prod-eu/nodes/worker-a/")
    tile = page.locator("table.tile").first
    held = page.request.get("/api/v1/clusters/prod-eu/allocations/?node=worker-a")
    kinds = {
        row["address"].rpartition(".")[2]: row["kind"]
        for row in held.json()["results"]
        if row["address"].startswith("10.")
    }
    codes = {"router": "gw", "health": "hc"}

    assert tile.locator("td a").count() == 16
    assert dict(
        cell.inner_text().split()
        for cell in tile.locator("td:has(i)").all()
        if "res" not in cell.inner_text()
    ) == {number: codes.get(kind, kind) for number, kind in kinds.items()}


def test_each_cell_leads_to_a_page(page):
    page.goto("/clusters/prod-eu/nodes/worker-a/")
    cells = page.locator("table.tile").first.locator("td a")
    paths = {cell.get_attribute("href") for cell in cells.all()}

    assert {page.request.get(path).status for path in paths} == {200}


def test_find_works_by_its_button(page):
    page.goto("/clusters/prod-eu/")
    page.get_by_label("Find an address").fill("worker-b")
    page.get_by_role("button", name="Find").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("node worker-b")
