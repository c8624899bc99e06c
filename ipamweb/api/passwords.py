"""Whether passwords are taken here at all."""

from django.conf import settings

from ipamweb.api.errors import BadParameter


def check_taken() -> None:
    """Raise BadParameter where who signs in does so by the provider alone."""
    if not settings.IPAMWEB_PASSWORDS:
        raise BadParameter(
            "No passwords are taken here: who signs in by the provider is made a user.",
            parameter="password",
        )
