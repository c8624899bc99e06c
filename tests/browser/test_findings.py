"""V-5: new findings stand behind a button, and never move what somebody looks at."""

import pytest
from playwright.sync_api import expect

from ipamweb.mirror.models import Cluster
from tests import cast_findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROW = "#findings-list tbody tr"
FOCUSED = "() => document.activeElement.textContent"


def test_v5_new_findings_wait_behind_a_button_and_the_focus_stays(opener):
    page = opener.page()
    page.clock.install()
    page.goto("/findings/")
    link = page.get_by_role("link", name="10.0.0.39")
    link.focus()
    place = link.bounding_box()

    for number in (7, 8, 9):
        cast_findings.doubled(Cluster.objects.get(pk=1), id=number, key=str(number))
    page.clock.run_for(31_000)

    button = page.get_by_role("button", name="3 new")
    expect(button).to_be_visible()
    assert page.locator(ROW).count() == 1
    assert page.evaluate(FOCUSED) == "10.0.0.39"
    assert link.bounding_box() == place

    button.click()

    expect(page.locator(ROW)).to_have_count(4)
    expect(button).to_have_count(0)
    assert page.evaluate("() => document.activeElement.id") == "findings-list"
