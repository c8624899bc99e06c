"""What commands share: how a cluster is named and reached, how a mistake is told."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError

from ipamweb.access import connections
from ipamweb.access.connections import Way
from ipamweb.cluster.errors import ClusterError
from ipamweb.logs import cleaned
from ipamweb.mirror.models import Cluster


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turn a caller's mistake, or what a cluster did, into one line and exit code 1."""
    try:
        yield
    except (ClusterError, ValueError) as problem:
        raise CommandError(printable(str(problem))) from problem


def printable(text: str) -> str:
    """Return text from a cluster as one line that a terminal can be shown."""
    return cleaned(text).replace("\n", " ")


def mirrored(name: str) -> Cluster:
    """Return the mirror of a cluster. Raises ValueError where there is none."""
    cluster = Cluster.objects.filter(slug=name).first()
    if cluster is None:
        connections.find(name)
        raise ValueError(f"{name} was never mirrored: no poll of it succeeded yet")
    return cluster


def add_way(parser: ArgumentParser) -> None:
    """Add the arguments that say how a cluster is reached."""
    parser.add_argument("--kubeconfig", default="", help="read again at each poll")
    parser.add_argument("--context", default="", help="default: its current context")
    parser.add_argument("--in-cluster", action="store_true", help="this is a pod of it")
    parser.add_argument("--api-url", default="", help="https://…, with the two files")
    parser.add_argument("--token-file", default="", help="read again each minute")
    parser.add_argument("--ca-file", default="", help="what it is checked by")
    parser.add_argument(
        "--namespace", action="append", default=[], help="only this one; repeatable"
    )


def read_way(options: Mapping[str, Any]) -> Way:
    return Way(
        kubeconfig=options["kubeconfig"],
        context=options["context"],
        in_cluster=options["in_cluster"],
        api_url=options["api_url"],
        token_file=options["token_file"],
        ca_file=options["ca_file"],
        namespaces=tuple(options["namespace"]),
    )
