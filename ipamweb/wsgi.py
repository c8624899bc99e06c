"""The WSGI application, at the root of a host or under IPAMWEB_SUB_PATH."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ipamweb.settled import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipamweb.settings")

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def under_sub_path(inner: WSGIApplication, prefix: str) -> WSGIApplication:
    """Return `inner`, with `prefix` taken off the path where a proxy left it there."""

    def outer(
        environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path.removeprefix(prefix) or "/"
        return inner(environ, start_response)

    return outer


application: WSGIApplication = get_wsgi_application()
if settings.FORCE_SCRIPT_NAME:
    application = under_sub_path(application, settings.FORCE_SCRIPT_NAME)
settle()
