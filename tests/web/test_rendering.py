import pytest

from ipamweb.mirror.models import Node
from tests.web.reading import links


def test_a_page_is_kept_by_nobody_else(everybody, reader):
    assert reader.get("/")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["a b", "größe", "a'b\"c<d>"])
def test_any_name_of_a_node_fits_the_headers_and_the_twin(everybody, reader, name):
    Node.objects.filter(pk=1).update(name=name)
    (path,) = [
        link for link in links(reader.get("/clusters/prod-eu/nodes/"))
        if link.startswith("/clusters/prod-eu/nodes/")
        and "worker" not in link and not link.endswith("nodes/") and "?" not in link
    ]  # fmt: skip

    response = reader.get(path)

    assert response.status_code == 200
    assert response["Link"].startswith("</api/v1/clusters/prod-eu/nodes/")
    assert response["Link"].isascii()


def test_a_view_answers_head_like_get(everybody, reader):
    assert reader.head("/clusters/prod-eu/nodes/").status_code == 200


def test_nothing_can_be_posted_to_a_page_that_reads(everybody, reader):
    assert reader.post("/clusters/prod-eu/nodes/").status_code == 405


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [
        ("dark", 'data-theme="dark"'),
        ("light", 'data-theme="light"'),
        ('"><script>', '<html lang="en">'),
    ],
)
def test_the_theme_is_what_the_cookie_says_and_nothing_else(reader, cookie, attribute):
    reader.cookies["theme"] = cookie

    assert attribute in reader.get("/").content.decode()
