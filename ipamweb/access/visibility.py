"""What a user may see by name, as the Scope that every query takes. The only place.

Admins and auditors see everything, others the namespaces of their teams, which may be
none; who has not signed in sees nothing. A team sees the past of the namespaces it
owns, by cluster and UID: not of an earlier one of the same name, nor of one in a
cluster that was restored from a backup of this one.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from ipamweb.access.models import Membership, Ownership, User
from ipamweb.mirror.models import Namespace
from ipamweb.mirror.scope import EVERYTHING, Scope

NOTHING = Scope()

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def scope(user: User | AnonymousUser) -> Scope:
    """Return what a user may see. No query for who sees everything, else one."""
    if not isinstance(user, User) or not user.is_active:
        return NOTHING
    if sees_everything(user):
        return EVERYTHING
    return _scope(Ownership.objects.filter(team__memberships__user=user))


def scope_of_team(team_id: int) -> Scope:
    """Return what the members of a team may see because of it. One query."""
    return _scope(Ownership.objects.filter(team=team_id))


def administered(user: User) -> Scope:
    """Return what belongs to the teams that a user is an admin of. One query."""
    memberships = Membership.objects.filter(user=user, is_admin=True)
    return _scope(Ownership.objects.filter(team__memberships__in=memberships))


def sees_everything(user: User) -> bool:
    return user.is_active and (user.is_superuser or user.is_auditor)


def _scope(rules: QuerySet[Ownership]) -> Scope:
    """Return the namespaces that any of some rules means."""
    of_name = Q(namespace=OuterRef("name"))
    of_labels = Q(_Carries(OuterRef("labels"), F("labels")), namespace="")
    meant = rules.filter(
        of_name | (of_labels & ~Q(labels={})),
        Q(cluster="") | Q(cluster=OuterRef("cluster__slug")),
        since__lt=Coalesce(OuterRef("gone_at"), Value(_NEVER)),
    )
    owned = Namespace.objects.filter(Exists(meant))
    return Scope(namespaces=frozenset(owned.values_list("cluster_id", "uid")))


class _Carries(Func):
    """Whether some labels hold all of others, with their values."""

    arity = 2
    arg_joiner = " @> "
    template = "(%(expressions)s)"
    output_field = BooleanField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: Any, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        labels, wanted = self.get_source_expressions()
        labels_sql, labels_params = compiler.compile(labels)
        wanted_sql, wanted_params = compiler.compile(wanted)
        sql = (
            f"(NOT EXISTS (SELECT 1 FROM json_each({wanted_sql}) AS wanted WHERE NOT"
            f" EXISTS (SELECT 1 FROM json_each({labels_sql}) AS carried WHERE"
            " carried.key = wanted.key AND carried.value = wanted.value)))"
        )
        return sql, (*wanted_params, *labels_params)
