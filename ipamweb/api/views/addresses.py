"""Questions about one address, in one cluster and in all."""

from typing import Any

from django.urls import reverse

from ipamweb.addressing.ranges import format_address, parse_address
from ipamweb.api import parameters, serializers
from ipamweb.api.address_rows import address
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import CURSOR, Asked, Question, age
from ipamweb.mirror.queries import addresses
from ipamweb.mirror.queries.addresses import AddressAnswer

AT = parameters.instant("at", "Who held it at this instant?")


class Address(Question):
    """What a cluster knows of an address: who holds and held it, or why nobody does."""

    serializer_class = serializers.Address
    parameters = (AT, parameters.limit(), CURSOR)

    def found(self, asked: Asked) -> dict[str, Any]:
        answer = addresses.about(
            _asked_address(asked),
            cluster=asked.cluster,
            scope=asked.scope,
            at=asked.values["at"],
            window=asked.window,
        )
        return address(
            answer,
            history_next=asked.beside(answer.history.next),
            history_previous=asked.beside(answer.history.previous),
        )


class AddressEverywhere(Question):
    """The same for every cluster: an address is an identity only inside one.

    Where there is more history, `history_next` leads to the answer of one cluster.
    """

    serializer_class = serializers.Address
    parameters = (AT,)
    is_list = True

    def body(self, asked: Asked) -> dict[str, Any]:
        answers = addresses.across(
            _asked_address(asked),
            clusters=asked.clusters,
            scope=asked.scope,
            at=asked.values["at"],
        )
        results = [
            address(each, history_next=_of_cluster(each, asked)) for each in answers
        ]
        return {**age(asked), "next": None, "previous": None, "results": results}


def _of_cluster(answer: AddressAnswer, asked: Asked) -> str | None:
    """Return the URL of one cluster's answer, where there is more history."""
    if not answer.history.next:
        return None
    path = reverse(
        "api:address", args=[answer.cluster.slug, format_address(answer.address)]
    )
    return asked.request.build_absolute_uri(path)


def _asked_address(asked: Asked) -> int:
    try:
        return parse_address(asked.path["address"])
    except ValueError as error:
        raise BadParameter(
            f"{error}.", parameter="address", accepted=["an IP address"]
        ) from error
