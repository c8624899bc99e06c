"""What a scope hides, in one place: whose name may stand beside an address or a pod."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from ipamweb.mirror.scope import Scope

AnyModel = TypeVar("AnyModel", bound=Model)


def shows_owner(scope: Scope, *, kind: str, namespace_uid: str) -> bool:
    """Say whether the owner of an allocation may be named.

    A pod whose namespace we never saw belongs to somebody all the same: only who sees
    everything sees its name.
    """
    if kind == "pod" and not namespace_uid:
        return scope.everything
    return scope.shows(namespace_uid)


def shown_words(words: str, scope: Scope, *, instead: str) -> str:
    """Return words of a cluster or about it, which may hold any name: what it said of
    an error, say. Who does not see everything reads others instead."""
    return words if scope.everything or not words else instead


def only_shown(
    query: QuerySet[AnyModel, Any], scope: Scope, *, field: str = "namespace_uid"
) -> QuerySet[AnyModel, Any]:
    """Return what of a query belongs to namespaces inside the scope."""
    if scope.everything:
        return query
    return query.filter(**{f"{field}__in": scope.namespace_uids})
