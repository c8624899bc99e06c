"""Pods as the API serves them: 6 kB and more of JSON, most of it alike in a workload.

The parts that are the same for every pod of a workload are encoded once and put in as
they are. Not here: what a pod is (facts.py), when it changes (churn.py).
"""

from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from ipamweb.simulator.facts import PodFacts, Workload
from ipamweb.simulator.store import as_timestamp

GRACE_SECONDS = 30
_API_VERSIONS = {"ReplicaSet": "apps/v1", "Job": "batch/v1", "Node": "v1"}
_ENV_NAMES = (
    "LOG_LEVEL", "LOG_FORMAT", "HTTP_PORT", "METRICS_PORT", "DATABASE_HOST",
    "DATABASE_NAME", "CACHE_HOST", "QUEUE_URL", "FEATURE_FLAGS_URL", "TRACE_ENDPOINT",
    "REQUEST_TIMEOUT_SECONDS", "MAX_CONNECTIONS",
)  # fmt: skip
_CONDITIONS = (
    "PodReadyToStartContainers",
    "Initialized",
    "Ready",
    "ContainersReady",
    "PodScheduled",
)


def pod_object(pod: PodFacts) -> dict[str, Any]:
    """Return the pod as a dict; its unchanging parts are encoded already."""
    parts = _parts(pod.workload)
    return {
        "metadata": _metadata(pod, parts),
        "spec": _spec(pod, parts),
        "status": _status(pod),
    }


class Parts(msgspec.Struct, frozen=True):
    """What all pods of a workload have in common, encoded."""

    labels: dict[str, str]
    owners: msgspec.Raw
    fields: msgspec.Raw
    containers: msgspec.Raw
    volumes: msgspec.Raw
    image_id: str


@lru_cache(maxsize=4096)
def _parts(workload: Workload) -> Parts:
    digest = sha256(workload.app.encode()).hexdigest()
    return Parts(
        labels=_labels(workload),
        owners=_raw([_owner(workload)]),
        fields=_raw(_managed_fields(workload)),
        containers=_raw([_container(workload)]),
        volumes=_raw(_volumes(workload)),
        image_id=f"registry.example/{workload.app}@sha256:{digest}",
    )


def _raw(content: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(content))


def _labels(workload: Workload) -> dict[str, str]:
    labels = {
        "app.kubernetes.io/name": workload.app,
        "app.kubernetes.io/part-of": workload.namespace,
        "app.kubernetes.io/managed-by": "Helm",
    }
    if workload.kind == "Node":
        return {"component": workload.app, "tier": "control-plane"}
    revision = workload.stem.removeprefix(workload.app + "-")
    if workload.kind == "ReplicaSet":
        return labels | {"pod-template-hash": revision}
    if workload.kind == "Job":
        return labels | {"batch.kubernetes.io/job-name": workload.name}
    return labels | {"controller-revision-hash": "7c9f4d5b8d"}


def _owner(workload: Workload) -> dict[str, Any]:
    return {
        "apiVersion": _API_VERSIONS.get(workload.kind, "apps/v1"),
        "kind": workload.kind,
        "name": workload.name,
        "uid": workload.owner_uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _metadata(pod: PodFacts, parts: Parts) -> dict[str, Any]:
    created = as_timestamp(pod.created)
    metadata: dict[str, Any] = {
        "name": pod.name,
        "namespace": pod.namespace,
        "uid": pod.uid,
        "creationTimestamp": created,
        "labels": parts.labels,
        "ownerReferences": parts.owners,
        "managedFields": _entries(pod, parts, created=created),
    }
    if pod.workload.kind != "Node":
        metadata["generateName"] = f"{pod.workload.stem}-"
    if pod.deleted:
        deadline = pod.deleted + timedelta(seconds=GRACE_SECONDS)
        metadata["deletionTimestamp"] = as_timestamp(deadline)
        metadata["deletionGracePeriodSeconds"] = GRACE_SECONDS
    return metadata


def _entries(pod: PodFacts, parts: Parts, *, created: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = [
        {
            "manager": "kube-controller-manager",
            "operation": "Update",
            "apiVersion": "v1",
            "time": created,
            "fieldsType": "FieldsV1",
            "fieldsV1": parts.fields,
        }
    ]
    if pod.started:
        entries.append(
            {
                "manager": "kubelet",
                "operation": "Update",
                "apiVersion": "v1",
                "time": as_timestamp(pod.started),
                "fieldsType": "FieldsV1",
                "fieldsV1": {"f:status": _status_fields(pod.addresses)},
                "subresource": "status",
            }
        )
    return entries


Fields = dict[str, Any]
_CONDITION_FIELDS: Fields = {
    f'k:{{"type":"{type_}"}}': {
        ".": {},
        "f:lastProbeTime": {},
        "f:lastTransitionTime": {},
        "f:status": {},
        "f:type": {},
    }
    for type_ in _CONDITIONS
}
_STATUS_FIELDS: Fields = {
    "f:conditions": _raw(_CONDITION_FIELDS),
    "f:containerStatuses": {},
    "f:hostIP": {},
    "f:hostIPs": {},
    "f:phase": {},
    "f:podIP": {},
    "f:startTime": {},
}


def _status_fields(addresses: tuple[str, ...]) -> dict[str, Any]:
    keys: Fields = {f'k:{{"ip":"{ip}"}}': {".": {}, "f:ip": {}} for ip in addresses}
    return {**_STATUS_FIELDS, "f:podIPs": {".": {}, **keys}}


def _managed_fields(workload: Workload) -> dict[str, Any]:
    env: Fields = {
        f'k:{{"name":"{name}"}}': {".": {}, "f:name": {}, "f:value": {}}
        for name in _ENV_NAMES
    }
    probe: Fields = {
        ".": {},
        "f:failureThreshold": {},
        "f:httpGet": {".": {}, "f:path": {}, "f:port": {}, "f:scheme": {}},
        "f:periodSeconds": {},
        "f:successThreshold": {},
        "f:timeoutSeconds": {},
    }
    container = {
        ".": {},
        "f:env": {".": {}, **env},
        "f:image": {},
        "f:imagePullPolicy": {},
        "f:livenessProbe": probe,
        "f:readinessProbe": probe,
        "f:name": {},
        "f:resources": {".": {}, "f:limits": {".": {}, "f:memory": {}}},
        "f:securityContext": {".": {}, "f:readOnlyRootFilesystem": {}},
    }
    owner: Fields = {f'k:{{"uid":"{workload.owner_uid}"}}': {}}
    return {
        "f:metadata": {
            "f:generateName": {},
            "f:labels": {".": {}, **{f"f:{name}": {} for name in _labels(workload)}},
            "f:ownerReferences": {".": {}, **owner},
        },
        "f:spec": {
            "f:containers": {f'k:{{"name":"{workload.app}"}}': container},
            "f:dnsPolicy": {},
            "f:enableServiceLinks": {},
            "f:restartPolicy": {},
            "f:schedulerName": {},
            "f:securityContext": {},
            "f:terminationGracePeriodSeconds": {},
            "f:tolerations": {},
            "f:volumes": {".": {}, 'k:{"name":"config"}': {".": {}, "f:name": {}}},
        },
    }


def _container(workload: Workload) -> dict[str, Any]:
    env: list[dict[str, Any]] = [
        {"name": name, "value": f"{workload.app}.{name.lower()}.example"}
        for name in _ENV_NAMES
    ]
    for name, path in (("POD_NAME", "metadata.name"), ("POD_IP", "status.podIP")):
        reference = {"apiVersion": "v1", "fieldPath": path}
        env.append({"name": name, "valueFrom": {"fieldRef": reference}})
    return {
        "name": workload.app,
        "image": f"registry.example/{workload.app}:2.14.1",
        "command": list(workload.command) or [f"/usr/bin/{workload.app}"],
        "ports": [
            {"name": "http", "containerPort": 8080, "protocol": "TCP"},
            {"name": "metrics", "containerPort": 9090, "protocol": "TCP"},
        ],
        "env": env,
        "resources": {
            "limits": {"memory": "512Mi"},
            "requests": {"cpu": "100m", "memory": "256Mi"},
        },
        "volumeMounts": [
            {"name": "config", "readOnly": True, "mountPath": "/etc/config"},
            {
                "name": "kube-api-access",
                "readOnly": True,
                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
            },
        ],
        "livenessProbe": _probe("/healthz/live"),
        "readinessProbe": _probe("/healthz/ready"),
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
        "securityContext": {
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
        },
    }


def _probe(path: str) -> dict[str, Any]:
    return {
        "httpGet": {"path": path, "port": "http", "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }


def _volumes(workload: Workload) -> list[dict[str, Any]]:
    token = {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}
    root = {
        "configMap": {
            "name": "kube-root-ca.crt",
            "items": [{"key": "ca.crt", "path": "ca.crt"}],
        }
    }
    return [
        {
            "name": "config",
            "configMap": {"name": f"{workload.app}-config", "defaultMode": 420},
        },
        {
            "name": "kube-api-access",
            "projected": {"sources": [token, root], "defaultMode": 420},
        },
    ]


_TOLERATIONS = _raw(
    [
        {
            "key": f"node.kubernetes.io/{state}",
            "operator": "Exists",
            "effect": "NoExecute",
            "tolerationSeconds": 300,
        }
        for state in ("not-ready", "unreachable")
    ]
)


def _spec(pod: PodFacts, parts: Parts) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "volumes": parts.volumes,
        "containers": parts.containers,
        "restartPolicy": "Never" if pod.workload.kind == "Job" else "Always",
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": pod.workload.app,
        "serviceAccount": pod.workload.app,
    }
    if pod.node:
        spec["nodeName"] = pod.node.name
    if pod.workload.host_network:
        spec["hostNetwork"] = True
    return spec | {
        "securityContext": {},
        "schedulerName": "default-scheduler",
        "tolerations": _TOLERATIONS,
        "priority": 0,
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
    }


def _status(pod: PodFacts) -> dict[str, Any]:
    status: dict[str, Any] = {"phase": pod.phase, "conditions": _conditions(pod)}
    if pod.node and (pod.addresses or pod.started):
        status["hostIP"] = pod.node.addresses[0]
        status["hostIPs"] = [{"ip": ip} for ip in pod.node.addresses]
    if pod.addresses:
        status["podIP"] = pod.addresses[0]
        status["podIPs"] = [{"ip": ip} for ip in pod.addresses]
    if pod.started:
        status["startTime"] = as_timestamp(pod.started)
        status["containerStatuses"] = [_container_status(pod, pod.started)]
    return status | {"qosClass": "Burstable"}


def _conditions(pod: PodFacts) -> list[dict[str, Any]]:
    since = as_timestamp(pod.started or pod.created)
    holding = set(_CONDITIONS) if pod.phase == "Running" else {"Initialized"}
    if pod.node:
        holding.add("PodScheduled")
    return [
        {
            "type": type_,
            "status": "True" if type_ in holding else "False",
            "lastProbeTime": None,
            "lastTransitionTime": since,
        }
        for type_ in _CONDITIONS
    ]


def _container_status(pod: PodFacts, started: datetime) -> dict[str, Any]:
    since = as_timestamp(started)
    container_id = f"containerd://{sha256(pod.uid.encode()).hexdigest()}"
    state: dict[str, Any] = {"running": {"startedAt": since}}
    if pod.is_finished:
        state = {
            "terminated": {
                "exitCode": 0 if pod.phase == "Succeeded" else 1,
                "reason": "Completed" if pod.phase == "Succeeded" else "Error",
                "startedAt": since,
                "finishedAt": since,
                "containerID": container_id,
            }
        }
    return {
        "name": pod.workload.app,
        "state": state,
        "lastState": {},
        "ready": pod.phase == "Running",
        "restartCount": pod.restarts,
        "image": f"registry.example/{pod.workload.app}:2.14.1",
        "imageID": _parts(pod.workload).image_id,
        "containerID": container_id,
        "started": pod.phase == "Running",
    }
