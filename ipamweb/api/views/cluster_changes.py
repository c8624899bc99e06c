"""Adding, pausing, changing and removing a cluster by REST; for admins.

The cluster is not asked: its first poll says whether it can be read. What is given of a
kubeconfig is taken as on the page (docs/connect.md), and shown by nothing again.
"""

from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import BooleanField, CharField, Serializer

from ipamweb.access import connections, credentials
from ipamweb.access.models import ClusterConnection
from ipamweb.access.pasted import MOST_CHARACTERS
from ipamweb.api.acting import Acting, answer, in_a_sentence
from ipamweb.api.errors import BadParameter
from ipamweb.api.serializers import moment


class NewCluster(Serializer):
    name = CharField(max_length=63)
    kubeconfig = CharField(
        max_length=MOST_CHARACTERS, trim_whitespace=False, write_only=True
    )
    context = CharField(
        default="", allow_blank=True, max_length=253, help_text="Default: its current."
    )


class ClusterChange(Serializer):
    """Either whether it is polled, or another way to reach it."""

    paused = BooleanField(required=False)
    kubeconfig = CharField(
        required=False,
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        write_only=True,
    )
    context = CharField(
        required=False, allow_blank=True, max_length=253, help_text="Of `kubeconfig`."
    )


class Connection(Serializer):
    """How a cluster is reached; never by which credential."""

    slug = CharField()
    api_url = CharField(help_text="Empty where a kubeconfig of the host says it.")
    tls_server_name = CharField()
    paused = BooleanField()
    created_at = moment()


class AddsClusters(Acting):
    wishes = {"POST": NewCluster}
    acted = {"POST": Connection}

    def post(self, request: Request) -> HttpResponse:
        """Add a cluster from a kubeconfig. Admins."""
        admin, wish = self.admin(), self.wish()
        with in_a_sentence():
            made = credentials.add(
                wish["name"],
                text=wish["kubeconfig"],
                context=wish["context"],
                by=admin,
            )
        return answer(_row(made), status=201)


class ChangesCluster(Acting):
    wishes = {"PATCH": ClusterChange}
    acted = {"PATCH": Connection}

    def patch(self, request: Request, cluster: str) -> HttpResponse:
        """Pause or resume a cluster, or reach it by another kubeconfig. Admins."""
        admin, name = self.admin(), _known(cluster)
        wish = self.wish()
        if ("paused" in wish) == ("kubeconfig" in wish):
            raise BadParameter(
                "Give paused or kubeconfig, one of the two.", parameter=""
            )
        with in_a_sentence():
            if "paused" in wish:
                changed = connections.ask_paused(name, paused=wish["paused"], by=admin)
            else:
                changed = credentials.replace(
                    name,
                    text=wish["kubeconfig"],
                    context=wish.get("context", ""),
                    by=admin,
                )
        return answer(_row(changed))

    def delete(self, request: Request, cluster: str) -> HttpResponse:
        """Remove a cluster with all of its history, within seconds. Admins."""
        admin, name = self.admin(), _known(cluster)
        with in_a_sentence():
            connections.ask_removal(name, by=admin)
        return answer(None)


def _known(slug: str) -> str:
    if "\0" in slug or slug not in connections.names():
        raise NotFound
    return slug


def _row(connection: ClusterConnection) -> dict[str, Any]:
    return {
        "slug": connection.slug,
        "api_url": connection.api_url,
        "tls_server_name": connection.tls_server_name,
        "paused": connection.paused,
        "created_at": connection.created_at,
    }
