import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from ipamweb.web.views import errors
from tests.web.reading import text


def test_a_page_that_is_not_there_says_so(reader):
    response = reader.get("/nothing/here")

    assert response.status_code == 404
    assert "404 Not found There is no page at this address." in text(response)


def test_an_error_of_ours_says_so_with_the_request(client):
    response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "it was logged. Nothing was changed." in text(response)
    assert "Request -" in text(response)


def test_what_is_forbidden_says_so():
    response = errors.forbidden(RequestFactory().get("/"), PermissionDenied())

    assert response.status_code == 403
    assert "You may not see or do this." in text(response)


def test_a_request_not_understood_tells_nothing_of_its_content():
    response = errors.bad_request(RequestFactory().get("/"), ValueError("<b>x</b>"))

    assert response.status_code == 400
    assert "The request could not be understood." in text(response)


@pytest.mark.parametrize("path", ["/clusters/any/nodes/%00/", "/ip/10.0.0.1%00"])
def test_a_path_with_a_nul_character_is_refused_in_a_sentence(reader, path):
    response = reader.get(path)

    assert response.status_code == 400
    assert "A path holds no NUL character." in text(response)


@pytest.mark.parametrize("path", ["/", "/clusters/x/", "/search", "/account/x"])
def test_pages_are_read_and_not_written_to(reader, path):
    assert reader.put(path).status_code in (404, 405)
