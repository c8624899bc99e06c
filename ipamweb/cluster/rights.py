"""What our credential may do: rights it lacks, and rights we do not want.

Asked once, when a cluster is added: a mirror holds a standing credential, which should
be worth nothing to whoever steals it. These reviews are the only POST we ever send.
Not here: what a refused list means (answers.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from ipamweb.cluster.decoding import DECODE_ERRORS
from ipamweb.cluster.errors import BadAnswer
from ipamweb.cluster.objects import Asks
from ipamweb.cluster.pages import resource_of
from ipamweb.cluster.questions import Question
from ipamweb.cluster.readers.contract import NODES, PODS, Kind

API = "/apis/authorization.k8s.io/v1"

# Without these there is nothing to mirror.
REQUIRED = (NODES, PODS)
READING = frozenset({"get", "list", "watch"})
# To read these is more than to read. nodes/proxy: a GET there can run commands in pods
# (Kubernetes, "RBAC good practices").
TELLING = frozenset({
    "*", "secrets", "nodes/proxy", "pods/exec", "pods/attach", "pods/portforward",
    "services/proxy", "pods/proxy", "serviceaccounts/token",
})  # fmt: skip
# Everybody may ask who he is and what he may do (role system:basic-user).
REVIEWS = frozenset({"authorization.k8s.io", "authentication.k8s.io"})
# Asked one by one where the server does not know all rules (webhook authorizers).
PROBES = (
    ("get", "secrets"),
    ("list", "secrets"),
    ("get", "nodes/proxy"),
    ("create", "pods"),
    ("create", "pods/exec"),
    ("delete", "pods"),
    ("create", "serviceaccounts/token"),
    ("impersonate", "users"),
)
# Rules are told for one namespace, with those of the whole cluster; this one has a Role
# of ours.
WHOLE_CLUSTER_NAMESPACE = "kube-system"


@dataclass(frozen=True, slots=True)
class Rights:
    """As a person reads them: "list pods", "list pods in shop".

    `required` are those of `missing` without which nothing can be mirrored.
    """

    missing: tuple[str, ...]
    required: tuple[str, ...]
    surplus: tuple[str, ...]


class Reviewed(Asks, Protocol):
    """What is needed of a session here."""

    @property
    def namespaces(self) -> tuple[str, ...]: ...


class _AccessStatus(msgspec.Struct):
    allowed: bool = False


class _AccessReview(msgspec.Struct):
    status: _AccessStatus


class _Rule(msgspec.Struct, rename="camel"):
    verbs: list[str] = []
    api_groups: list[str] | None = None
    resources: list[str] | None = None


class _RulesStatus(msgspec.Struct, rename="camel"):
    resource_rules: list[_Rule] | None = None
    incomplete: bool = False


class _RulesReview(msgspec.Struct):
    status: _RulesStatus


ReviewT = TypeVar("ReviewT", _AccessReview, _RulesReview)


def review(session: Reviewed, *, kinds: Iterable[Kind]) -> Rights:
    """Return what may not and what need not be done; raises ClusterError.

    Costs a request for each right that is needed, and one for each namespace.
    """
    missing = [
        (f"{verb} {resource_of(kind)}{f' in {scope}' if scope else ''}", kind)
        for kind in kinds
        for verb in ("list", "watch")
        for scope in _scopes(session, kind)
        if not _may(session, verb, kind.resource, group=kind.group, scope=scope)
    ]
    return Rights(
        missing=tuple(text for text, _ in missing),
        required=tuple(text for text, kind in missing if kind in REQUIRED),
        surplus=tuple(_surplus(session)),
    )


def _scopes(session: Reviewed, kind: Kind) -> tuple[str, ...]:
    return session.namespaces if kind.namespaced and session.namespaces else ("",)


def _surplus(session: Reviewed) -> Iterator[str]:
    """Yield a text for each resource of which more may be done than is needed."""
    verbs: dict[str, dict[str, None]] = {}
    for namespace in session.namespaces or (WHOLE_CLUSTER_NAMESPACE,):
        told = _rules(session, namespace)
        found = [one for rule in told.resource_rules or [] for one in _unwanted(rule)]
        if told.incomplete:
            found += [one for one in PROBES if _may(session, *one, scope=namespace)]
        for verb, resource in found:
            verbs.setdefault(resource, {})[verb] = None
    for resource, known in verbs.items():
        what = "everything" if resource == "*" else resource
        doing = "do anything with" if "*" in known else ", ".join(known)
        yield f"{doing} {what}"


def _unwanted(rule: _Rule) -> Iterator[tuple[str, str]]:
    """Yield (verb, resource) of a rule where the verb writes or the resource tells."""
    groups = set(rule.api_groups or [])
    if groups and groups <= REVIEWS:
        return
    for resource in rule.resources or []:
        for verb in rule.verbs:
            if verb not in READING or resource in TELLING:
                yield verb, resource


def _may(
    session: Asks, verb: str, resource: str, *, group: str = "", scope: str = ""
) -> bool:
    name, _, part = resource.partition("/")
    attributes = {
        "verb": verb,
        "group": group,
        "resource": name,
        "subresource": part,
        "namespace": scope,
    }
    spec = {"resourceAttributes": attributes}
    asked = _ask(session, "SelfSubjectAccessReview", spec, shape=_AccessReview)
    return asked.status.allowed


def _rules(session: Asks, namespace: str) -> _RulesStatus:
    spec = {"namespace": namespace}
    return _ask(session, "SelfSubjectRulesReview", spec, shape=_RulesReview).status


def _ask(
    session: Asks, kind: str, spec: dict[str, Any], *, shape: type[ReviewT]
) -> ReviewT:
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": kind, "spec": spec}
    question = Question(
        f"{API}/{kind.lower()}s", verb="create", body=msgspec.json.encode(body)
    )
    try:
        return msgspec.json.decode(session.ask(question), type=shape)
    except DECODE_ERRORS as error:
        raise BadAnswer(
            session.name, action=question.action, why="the answer is no review"
        ) from error
