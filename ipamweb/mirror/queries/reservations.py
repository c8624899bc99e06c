"""Addresses that will not be handed out because an object says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ipamweb.addressing.ranges import Range, family_of
from ipamweb.mirror.models import Reservation
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.scope import Scope

BY_ADDRESS = Order("reservations.address", ("first", "id"))


@dataclass(frozen=True, slots=True)
class ReservationRow:
    """A run of reserved addresses and the reason given."""

    id: int
    cluster_id: int
    range: Range
    network: str
    pool: str
    why: str
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class ReservationFilter:
    """Which reservations are wanted; empty means all. `pool` is a slug, `within` holds
    all of the addresses."""

    family: int | None = None
    pool: str = ""
    within: Range | None = None


ALL = ReservationFilter()


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: ReservationFilter = ALL,
    window: Window = FIRST_PAGE,
    at: datetime | None = None,
) -> Page[ReservationRow]:
    """Return a page of the present reservations, or of those of an instant, in address
    order. One query."""
    there = (_present() if at is None else _there(at)).filter(cluster_id=cluster.id)
    return read_page(
        there.filter(_asked(wanted)),
        order=BY_ADDRESS,
        window=window,
        build=lambda found: [_row(each) for each in found],
    )


def of_address(
    address: int, *, cluster_ids: Sequence[int], scope: Scope
) -> tuple[ReservationRow, ...]:
    """Return the present reservations of an address. One query."""
    query = _present().filter(
        cluster_id__in=cluster_ids,
        family=family_of(address),
        first__lte=address,
        last__gte=address,
    )
    return tuple(_row(each) for each in query.order_by("id"))


def _asked(wanted: ReservationFilter) -> Q:
    asked = Q()
    if wanted.family:
        asked &= Q(family=wanted.family)
    if wanted.pool:
        asked &= Q(pool__slug=wanted.pool)
    if bounds := wanted.within:
        inside = Q(first__gte=bounds.first, last__lte=bounds.last)
        asked &= inside & Q(family=bounds.family)
    return asked


def _present() -> QuerySet[Reservation, Reservation]:
    return Reservation.objects.filter(valid_to=None).select_related("pool")


def _there(at: datetime) -> QuerySet[Reservation, Reservation]:
    is_so = Q(valid_to=None) | Q(valid_to__gt=at)
    return Reservation.objects.filter(is_so, valid_from__lte=at).select_related("pool")


def _row(reservation: Any) -> ReservationRow:
    return ReservationRow(
        id=reservation.pk,
        cluster_id=reservation.cluster_id,
        range=Range(reservation.first, reservation.last),
        network=reservation.network,
        pool=reservation.pool.slug if reservation.pool else "",
        why=reservation.why,
        valid_from=reservation.valid_from,
    )
