"""Names that Kubernetes would refuse, and a broken or hostile API server would not: on
every page nothing of them runs, and nothing breaks, at 360 and at 1440 px.
"""

from urllib.parse import quote

import pytest

from ipamweb.mirror.models import Block, Endpoint, Namespace, Node, Pod, Problem
from tests.published import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What runs if it is taken for markup, what turns text round, and what ends a string.
EVIL = "<img src=x onerror=alert(1)><script>alert(2)\"'\u202e\u2066&lt;{{ 1 }}`"
# As long as a name may be, without a place to break.
LONG = EVIL + "x" * (253 - len(EVIL))
SHORT = EVIL[:63]
WIDTHS = (1440, 360)
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"
PAGE_OF = {
    "node": f"/clusters/prod-eu/nodes/{quote(LONG)}/",
    "pod": f"/clusters/prod-eu/pods/{quote(SHORT)}/{quote(LONG)}/",
    "namespace": f"/clusters/prod-eu/ns/{quote(SHORT)}/",
    "search": f"/search?q={quote(EVIL[:30])}",
}


@pytest.fixture
def hostile(opener):
    """A page of a browser, every name in the cluster hostile."""
    Pod.objects.update(
        name=LONG, namespace_name=SHORT, node_name=LONG, workload_name=LONG,
        workload_kind=SHORT, phase="Running<b>",
    )  # fmt: skip
    Node.objects.update(
        name=LONG, zone=LONG[:100], node_pool=LONG[:100], instance_type=LONG[:100]
    )
    Namespace.objects.update(name=SHORT, labels={LONG: LONG})
    Block.objects.update(node_name=LONG)
    Endpoint.objects.update(name=LONG, state=EVIL[:32])
    Problem.objects.update(object=LONG, field=LONG[:200], why=LONG)
    return opener.page()


def test_a_hostile_name_runs_nowhere_and_breaks_no_page(hostile):
    broken = {}
    for name, path in {**PAGES, **PAGE_OF}.items():
        hostile.goto(path)
        if hostile.locator("main h1").count() != 1:
            broken[name] = "no page"
        if hostile.locator('img, main script, [src="x"], [onerror]').count():
            broken[name] = "markup from a name"
        for width in WIDTHS:
            hostile.set_viewport_size({"width": width, "height": 800})
            if hostile.evaluate(OVERFLOW) > 0:
                broken[f"{name} at {width}"] = "scrolls sideways"

    assert broken == {}


def test_a_hostile_name_is_suggested_as_text(hostile):
    hostile.goto("/clusters/prod-eu/")
    hostile.get_by_role("combobox", name="Find").press_sequentially("<img src")
    hostile.get_by_role("option").first.wait_for()

    assert "<img src=x onerror" in hostile.get_by_role("option").first.inner_text()
    assert hostile.locator(".find img").count() == 0
