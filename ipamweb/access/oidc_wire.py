"""How a provider of sign-ins is asked: where no redirect leads, and inside limits.

allauth asks by this (SOCIALACCOUNT_ADAPTER): with certificates verified, and its limit
of time between two bytes. Not here: what is asked (oidc_provider.py).
"""

import threading
from functools import partial
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from ipamweb.access.oidc_tokens import NotBelieved

# Far more than keys and documents of providers have; a broken one fills no memory.
MOST_BYTES = 1024 * 1024
# A byte now and then would keep a request for ever.
LONGEST_SECONDS = 10.0
CHUNK_BYTES = 64 * 1024


class Wire(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> Any:
        session = super().get_requests_session()
        session.send = partial(_send, session.send)
        return session


def _send(send: Any, request: Any, **how: Any) -> Any:
    """Return the answer to a request with its whole body.

    Raises NotBelieved where that is too long, OSError where it takes too long, and for
    a redirect: it could lead the code and the secret elsewhere.
    """
    how |= {"stream": True, "allow_redirects": False}
    with send(request, **how) as response:
        if response.is_redirect:
            raise OSError("redirects are not followed")
        timer = threading.Timer(LONGEST_SECONDS, response.raw.shutdown)
        timer.daemon = True
        timer.start()
        try:
            body = _body(response)
        finally:
            timer.cancel()
    # Where requests keeps what it read itself.
    response._content = body
    return response


def _body(response: Any) -> bytes:
    body = bytearray()
    for part in response.iter_content(CHUNK_BYTES):
        body += part
        if len(body) > MOST_BYTES:
            raise NotBelieved("the provider's answer is longer than 1 MiB")
    return bytes(body)
