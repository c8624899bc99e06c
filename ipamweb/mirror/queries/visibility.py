"""What a scope hides, in one place: whose name may stand beside an address or a pod."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from ipamweb.mirror.scope import Scope

AnyModel = TypeVar("AnyModel", bound=Model)


def shows_owner(
    scope: Scope, *, kind: str, namespace_uid: str, cluster_id: int
) -> bool:
    """Say whether the owner of an allocation may be named.

    A pod whose namespace we never saw belongs to somebody all the same: only who sees
    everything sees its name.
    """
    if kind == "pod" and not namespace_uid:
        return scope.everything
    return scope.shows(namespace_uid, cluster_id=cluster_id)


def shown_words(words: str, scope: Scope, *, instead: str) -> str:
    """Return words of a cluster or about it, which may hold any name: what it said of
    an error, say. Who does not see everything reads others instead."""
    return words if scope.everything or not words else instead


def only_shown(
    query: QuerySet[AnyModel, Any],
    scope: Scope,
    *,
    cluster_id: int,
    field: str = "namespace_uid",
) -> QuerySet[AnyModel, Any]:
    """Return what of a query of one cluster belongs to namespaces inside the scope.

    The cluster is not named again: SQLite would then read through all of it.
    """
    if scope.everything:
        return query
    return query.filter(**{f"{field}__in": scope.uids_in(cluster_id)})


def only_shown_anywhere(
    query: QuerySet[AnyModel, Any], scope: Scope, *, field: str = "namespace_uid"
) -> QuerySet[AnyModel, Any]:
    """The same of a query over several clusters."""
    return query if scope.everything else query.filter(in_scope(scope, field=field))


def in_scope(scope: Scope, *, field: str = "namespace_uid") -> Q:
    """Return the condition for what is in one of the namespaces of a scope that is not
    everything."""
    inside = Q(pk__in=())
    for cluster_id, uids in scope.by_cluster():
        inside |= Q(cluster_id=cluster_id, **{f"{field}__in": uids - {""}})
    return inside
