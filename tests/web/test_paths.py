import pytest

from ipamweb.web.paths import path_to


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (("prod-eu", "worker-a"), "/clusters/prod-eu/nodes/worker-a/"),
        (("prod-eu", "a.b c"), "/clusters/prod-eu/nodes/a.b%20c/"),
        (("prod-eu", "<script>"), "/clusters/prod-eu/nodes/%3Cscript%3E/"),
        pytest.param(("prod-eu", "a/b"), "/search?q=a%2Fb", id="a slash"),
        pytest.param(("prod-eu", ".."), "/search?q=..", id="dots"),
        pytest.param(("prod-eu", ""), "/search?q=", id="nothing"),
    ],
)
def test_each_name_leads_somewhere(names, path):
    assert path_to("node", *names) == path
