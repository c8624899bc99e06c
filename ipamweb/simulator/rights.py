"""Who may do what: users with bearer tokens and RBAC-like rules, and the 401 and 403.

Not here: TLS client certificates, groups, roles as objects.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ipamweb.simulator.kinds import CILIUM_GROUP, Kind
from ipamweb.simulator.statuses import refused, status_object, unauthorized

ANONYMOUS = "system:anonymous"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a role; "*" stands for everything, no namespaces for all of them."""

    verbs: tuple[str, ...]
    resources: tuple[str, ...]
    groups: tuple[str, ...] = ("",)
    names: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()

    def allows(self, wanted: "Attributes") -> bool:
        return (
            _matches(self.verbs, wanted.verb)
            and _matches(self.resources, wanted.resource)
            and _matches(self.groups, wanted.group)
            and (not self.names or wanted.name in self.names)
            and (not self.namespaces or wanted.namespace in self.namespaces)
        )


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a request wants to do."""

    verb: str
    resource: str
    group: str = ""
    namespace: str = ""
    name: str = ""


@dataclass(slots=True)
class User:
    name: str
    token: str
    rules: list[Rule] = field(default_factory=list)

    def may(self, wanted: Attributes) -> bool:
        return any(rule.allows(wanted) for rule in self.rules)


EVERYTHING = Rule(("*",), ("*",), ("*",))
# The read-only role ipamweb asks for.
READER_RULES = (
    Rule(("list", "watch"), ("nodes", "pods")),
    Rule(("get", "list", "watch"), ("namespaces",)),
    Rule(("list", "watch"), ("ciliumnodes", "ciliumendpoints"), (CILIUM_GROUP,)),
    Rule(
        ("get",),
        ("configmaps",),
        names=("cilium-config", "kubeadm-config"),
        namespaces=("kube-system",),
    ),
)


class Users:
    """The users by name: admin, reader (what ipamweb needs), nobody and anonymous."""

    def __init__(self) -> None:
        self._by_name: dict[str, User] = {}
        self.set("admin", EVERYTHING)
        self.set("reader", *READER_RULES)
        self.set("nobody")
        # kubectl sends no token over plain HTTP: give this one rights to serve it
        # there.
        self.set(ANONYMOUS)

    def __getitem__(self, name: str) -> User:
        return self._by_name[name]

    def set(self, name: str, *rules: Rule) -> User:
        """Give a user exactly these rights; a known user keeps its token."""
        known = self._by_name.get(name)
        token = known.token if known else secrets.token_urlsafe(24)
        self._by_name[name] = User(name, token, list(rules))
        return self._by_name[name]

    def rotate(self, name: str) -> str:
        """Return a new token; the old one is unknown from now on."""
        self._by_name[name].token = secrets.token_urlsafe(24)
        return self._by_name[name].token

    def of(self, headers: Mapping[str, str]) -> User:
        """Return who sends these headers; an unknown token is refused with 401."""
        given = headers.get("authorization", "")
        if not given:
            return self._by_name[ANONYMOUS]
        scheme, _, token = given.partition(" ")
        for user in self._by_name.values():
            if scheme.lower() == "bearer" and secrets.compare_digest(
                user.token.encode(), token.strip().encode()
            ):
                return user
        raise refused(unauthorized())


def _matches(allowed: tuple[str, ...], wanted: str) -> bool:
    return "*" in allowed or wanted in allowed


def forbidden(user: str, wanted: Attributes) -> dict[str, Any]:
    """Return the 403 of a resource, word for word as recorded."""
    qualified = f"{wanted.resource}.{wanted.group}" if wanted.group else wanted.resource
    subject = f'{qualified} "{wanted.name}"' if wanted.name else qualified
    place = (
        f'in the namespace "{wanted.namespace}"'
        if wanted.namespace
        else "at the cluster scope"
    )
    details = {"name": wanted.name, "group": wanted.group, "kind": wanted.resource}
    return status_object(
        403,
        message=f'{subject} is forbidden: User "{user}" cannot {wanted.verb} resource '
        f'"{wanted.resource}" in API group "{wanted.group}" {place}',
        reason="Forbidden",
        details={key: text for key, text in details.items() if text},
    )


def forbidden_path(user: str, path: str) -> dict[str, Any]:
    return status_object(
        403,
        message=f'forbidden: User "{user}" cannot get path "{path}"',
        reason="Forbidden",
    )


def attributes(kind: Kind, *, verb: str, namespace: str, name: str) -> Attributes:
    return Attributes(verb, kind.resource, kind.group, namespace, name)


def review_access(user: User, review: Mapping[str, Any]) -> dict[str, Any]:
    """Return a SelfSubjectAccessReview with its answer."""
    asked = (review.get("spec") or {}).get("resourceAttributes") or {}
    wanted = Attributes(
        verb=asked.get("verb", ""),
        resource=asked.get("resource", ""),
        group=asked.get("group", ""),
        namespace=asked.get("namespace", ""),
        name=asked.get("name", ""),
    )
    return {
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": review.get("spec") or {},
        "status": {"allowed": user.may(wanted)},
    }


def review_rules(user: User, review: Mapping[str, Any]) -> dict[str, Any]:
    """Return a SelfSubjectRulesReview: the rules that count in the namespace asked."""
    namespace = (review.get("spec") or {}).get("namespace", "")
    counting = [
        rule
        for rule in user.rules
        if not rule.namespaces or namespace in rule.namespaces
    ]
    return {
        "kind": "SelfSubjectRulesReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": {},
        "status": {
            "resourceRules": [_resource_rule(rule) for rule in counting],
            "nonResourceRules": [
                {"verbs": ["get"], "nonResourceURLs": ["/api", "/apis", "/version"]}
            ],
            "incomplete": False,
        },
    }


def _resource_rule(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = {
        "verbs": list(rule.verbs),
        "apiGroups": list(rule.groups),
        "resources": list(rule.resources),
    }
    return found | ({"resourceNames": list(rule.names)} if rule.names else {})
