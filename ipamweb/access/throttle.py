"""How often a sign-in may be tried: after some failures, a short wait.

Counted by where it came from, with and without the name: never by the name alone, so
that a stranger elsewhere delays nobody. An attempt counts before its password is
looked at, so that many at once are no way around. Works alike on both databases.
"""

import hashlib
import unicodedata
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.db import transaction

from ipamweb.access.models import SignInAttempts

# Of one name, and of all names together, from one place.
FREE_TRIES = {"name": 5, "place": 30}
LONGEST_WAIT = timedelta(minutes=1)
# After a while without a failure the count begins anew.
FORGOTTEN_AFTER = timedelta(minutes=15)


def seconds_to_wait(name: str, *, origin: str, now: datetime) -> int:
    """Count an attempt. Return 0 where it may go on, else the seconds to wait, and
    count nothing."""
    keys = _keys(name, origin)
    with transaction.atomic():
        _make_rows(list(keys.values()), now)
        query = SignInAttempts.objects.select_for_update().order_by("key")
        rows = {row.key: row for row in query.filter(key__in=keys.values())}
        waits = [row.wait_until for row in rows.values() if row.wait_until]
        until = max(waits, default=now)
        if until > now:
            return max(1, round((until - now).total_seconds()))
        for kind, key in keys.items():
            _count(rows[key], free=FREE_TRIES[kind], now=now)
    return 0


def forgive(name: str, *, origin: str) -> None:
    """Forget the attempts of a name from a place, after it signed in; of the place
    only this one: else whoever has one account could guess at others without end."""
    keys = _keys(name, origin)
    with transaction.atomic():
        SignInAttempts.objects.filter(key=keys["name"]).delete()
        query = SignInAttempts.objects.select_for_update()
        for row in query.filter(key=keys["place"], failures__gt=0):
            row.failures -= 1
            row.wait_until = None
            row.save()


def _make_rows(keys: list[str], now: datetime) -> None:
    forgotten = SignInAttempts.objects.filter(last_at__lt=now - FORGOTTEN_AFTER)
    forgotten.delete()
    rows = [SignInAttempts(key=key, last_at=now) for key in sorted(keys)]
    SignInAttempts.objects.bulk_create(rows, ignore_conflicts=True)


def _count(row: SignInAttempts, *, free: int, now: datetime) -> None:
    row.failures += 1
    row.last_at = now
    over = row.failures - free
    if over >= 0:
        row.wait_until = now + min(LONGEST_WAIT, timedelta(seconds=1 << min(over, 6)))
    row.save()


def _keys(name: str, origin: str) -> dict[str, str]:
    place = _place(origin)
    # As the form reads a name, so that another spelling is no other name.
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    named = f"{place} {plain}"
    return {"name": _digest(named), "place": _digest(place)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _place(origin: str) -> str:
    """Return an address; of IPv6 the /64, all of which one customer has."""
    try:
        address = ip_address(origin)
    except ValueError:
        return origin
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
