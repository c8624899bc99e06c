"""A browser on its way to the provider and back, without a browser."""

from django.http import HttpResponse
from django.test import Client

from tests.access.oidc_server import OidcServer
from tests.web.reading import links


def begin(client: Client, *, next_path: str = "") -> str:
    """Press the button; return where at the provider the page leads."""
    answer = client.post("/login/oidc/", {"next": next_path})
    assert answer.status_code == 200, answer.content
    [url] = [link for link in links(answer) if link.startswith("http")]
    return url


def back(client: Client, url: str) -> HttpResponse:
    """Follow the provider's redirect to ours."""
    return client.get(url.removeprefix("http://testserver"))


def sign_in(
    client: Client, provider: OidcServer, *, next_path: str = ""
) -> HttpResponse:
    return back(client, provider.authorize(begin(client, next_path=next_path)))
