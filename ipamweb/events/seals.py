"""What of a webhook is secret, sealed: its URL, which may be a password by itself, and
the secrets that sign."""

import json
from dataclasses import asdict, dataclass, field

from django.db import transaction

from ipamweb.access import audit, vault
from ipamweb.events.models import Webhook


@dataclass(frozen=True, slots=True)
class Sealed:
    """`secret` is empty of a mail; `earlier` is the one before the last rotation."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    earlier: str = field(default="", repr=False)


def opened(webhook: Webhook) -> Sealed:
    """Return what a webhook keeps. Raises vault.NoKey or vault.Unreadable."""
    plain = vault.unseal(webhook.sealed, purpose=_purpose(webhook))
    return Sealed(**json.loads(plain))


def sealed(webhook: Webhook, content: Sealed) -> str:
    """Return text that only this webhook opens; it must have its number."""
    plain = json.dumps(asdict(content)).encode()
    return vault.seal(plain, purpose=_purpose(webhook))


def rotate() -> int:
    """Seal all anew with the first key; return how many had another.

    Raises vault.NoKey or vault.Unreadable, and then none was changed.
    """
    changed = 0
    with transaction.atomic():
        for webhook in Webhook.objects.select_for_update().order_by("pk"):
            if vault.key_of(webhook.sealed) != vault.first_key():
                anew = sealed(webhook, opened(webhook))
                Webhook.objects.filter(pk=webhook.pk).update(sealed=anew)
                changed += 1
        audit.record(
            "keys.rotate",
            by=None,
            subject="secrets of webhooks",
            after={"key": vault.first_key(), "secrets": changed},
        )
    return changed


def _purpose(webhook: Webhook) -> bytes:
    return json.dumps(["webhook", webhook.pk, webhook.team_id]).encode()
