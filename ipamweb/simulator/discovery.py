"""What the server says it serves: versions, groups and resources, in both forms.

The aggregated form (APIGroupDiscoveryList) is given to those who accept it, the older
lists to the others. The version is the recorded server's.
"""

from collections.abc import Collection
from typing import Any

import msgspec

from ipamweb.simulator.kinds import KINDS, READ_VERBS, Kind
from ipamweb.simulator.statuses import Response

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
AUTHORIZATION = "authorization.k8s.io"
REVIEWS = (
    Kind(
        "selfsubjectaccessreviews",
        "SelfSubjectAccessReview",
        AUTHORIZATION,
        "v1",
        False,
    ),
    Kind(
        "selfsubjectrulesreviews", "SelfSubjectRulesReview", AUTHORIZATION, "v1", False
    ),
)
VERSION = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "",
    "gitTreeState": "",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "go1.26.6",
    "compiler": "gc",
    "platform": "linux/amd64",
}


def discover(path: str, *, accept: str, groups: Collection[str]) -> Response | None:
    """Return the answer to a path of discovery; None when it is no such path."""
    served = {*groups, AUTHORIZATION}
    if path == "/version":
        return _json(VERSION)
    aggregated = "as=APIGroupDiscoveryList" in accept.split(",")[0]
    if path in ("/api", "/apis") and aggregated:
        wanted = {""} if path == "/api" else served - {""}
        items = [_aggregated_group(group) for group in sorted(wanted)]
        return _aggregated(items)
    if path == "/api":
        return _json(_API_VERSIONS)
    if path == "/apis":
        found = [_group(group) for group in sorted(served - {""})]
        return _json({"kind": "APIGroupList", "apiVersion": "v1", "groups": found})
    return _discover_group(path.strip("/").split("/"), groups=served)


def _discover_group(parts: list[str], *, groups: Collection[str]) -> Response | None:
    if parts == ["api", "v1"]:
        return _json(_resource_list("", "v1"))
    if parts[0] != "apis" or len(parts) < 2 or parts[1] not in groups:
        return None
    version = _version_of(parts[1])
    if len(parts) == 2:
        return _json({"kind": "APIGroup", "apiVersion": "v1"} | _group(parts[1]))
    if parts[2:] == [version]:
        return _json(_resource_list(parts[1], version))
    return None


_API_VERSIONS = {
    "kind": "APIVersions",
    "versions": ["v1"],
    "serverAddressByClientCIDRs": [
        {"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}
    ],
}


def _kinds_of(group: str) -> list[Kind]:
    everything = (*KINDS.values(), *REVIEWS)
    found = [kind for kind in everything if kind.group == group]
    return sorted(found, key=lambda kind: kind.resource)


def _version_of(group: str) -> str:
    """Return the version of a group; one with none of our kinds is served too."""
    kinds = _kinds_of(group)
    return kinds[0].version if kinds else "v1"


def _verbs(kind: Kind) -> list[str]:
    return ["create"] if kind.group == AUTHORIZATION else list(READ_VERBS)


def _aggregated_group(group: str) -> dict[str, Any]:
    kinds = _kinds_of(group)
    version = {
        "version": _version_of(group),
        "resources": [_aggregated_resource(kind) for kind in kinds],
        "freshness": "Current",
    }
    return {"metadata": {"name": group} if group else {}, "versions": [version]}


def _aggregated_resource(kind: Kind) -> dict[str, Any]:
    # The real server leaves group and version empty for its own kinds, as recorded.
    custom = kind.is_custom and kind.group != AUTHORIZATION
    found: dict[str, Any] = {
        "resource": kind.resource,
        "responseKind": {
            "group": kind.group if custom else "",
            "version": kind.version if custom else "",
            "kind": kind.name,
        },
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.singular,
        "verbs": _verbs(kind),
    }
    return found | ({"shortNames": list(kind.short_names)} if kind.short_names else {})


def _group(group: str) -> dict[str, Any]:
    name = _version_of(group)
    version = {"groupVersion": f"{group}/{name}", "version": name}
    return {"name": group, "versions": [version], "preferredVersion": version}


def _resource_list(group: str, version: str) -> dict[str, Any]:
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": [_resource(kind) for kind in _kinds_of(group)],
    }


def _resource(kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": kind.resource,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.name,
        "verbs": _verbs(kind),
    }
    return found | ({"shortNames": list(kind.short_names)} if kind.short_names else {})


def _json(content: Any) -> Response:
    return Response(200, msgspec.json.encode(content))


def _aggregated(items: list[dict[str, Any]]) -> Response:
    content = {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }
    body = msgspec.json.encode(content)
    return Response(200, body, AGGREGATED, {"Cache-Control": "public"})
