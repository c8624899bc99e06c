"""The site under a path of a host."""

import pytest

from ipamweb.wsgi import under_sub_path


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("/ipam/clusters/", "/clusters/"),
        ("/ipam", "/"),
        ("/clusters/", "/clusters/"),
        ("/ipamweb/", "/ipamweb/"),
    ],
)
def test_the_path_is_taken_off_where_the_proxy_left_it(asked, served):
    paths: list[str] = []
    site = under_sub_path(
        lambda environ, _: paths.append(environ["PATH_INFO"]), "/ipam"
    )

    site({"PATH_INFO": asked}, lambda *_: None)

    assert paths == [served]
