"""A provider of sign-ins, and settings that name it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access import oidc_server
from tests.access.oidc_server import OidcServer


@pytest.fixture
def provider(settings: Any) -> Iterator[OidcServer]:
    with oidc_server.running() as server:
        settings.IPAMWEB_OIDC_ISSUER = server.issuer
        settings.IPAMWEB_OIDC_CLIENT_ID = oidc_server.CLIENT_ID
        settings.IPAMWEB_OIDC_CLIENT_SECRET = oidc_server.CLIENT_SECRET
        settings.IPAMWEB_OIDC_ADMIN_GROUPS = ["platform"]
        settings.IPAMWEB_OIDC_AUDITOR_GROUPS = ["audit"]
        yield server
