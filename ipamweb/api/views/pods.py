"""Questions about the pods of a cluster."""

from typing import Any

from ipamweb.api import parameters, serializers
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.exports import rows
from ipamweb.mirror.queries import past_pods, pods
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.pods import PodFilter

_TEXTS = {
    "namespace": "Pods of the namespace of this name.",
    "node": "Pods on the node of this name.",
    "phase": "Pods in this phase, as Running.",
    "workload_kind": "Pods of this kind of workload, as Deployment.",
    "workload_name": "Pods of the workload of this name.",
    "q": "A part of the name.",
}


class Pods(ListQuestion):
    """The pods of a cluster that are there, by namespace and name; at an instant those
    that were there, without their phase, which is not kept."""

    serializer_class = serializers.Pod
    has_past = True
    table = "pods"
    row = staticmethod(rows.pod)
    parameters = (
        *(parameters.text(name, words) for name, words in _TEXTS.items()),
        parameters.truth("host_network", "Pods on the host network, or the others."),
    )

    def page(self, asked: Asked) -> Page[Any]:
        wanted = {name: asked.values[name] for name in (*_TEXTS, "host_network")}
        question: dict[str, Any] = {
            "scope": asked.scope,
            "wanted": PodFilter(**wanted),
            "window": asked.window,
        }
        if not asked.at:
            return pods.listed(asked.cluster, **question)
        if wanted["phase"]:
            raise BadParameter(
                "The phase that a pod had in the past is not kept.", parameter="phase"
            )
        return past_pods.listed(asked.cluster, at=asked.at, **question)


class Pod(Question):
    """The pod of a UID, there or gone, with what it holds and held; `at`: as it was,
    without what Kubernetes and the CNI said of it, which is not kept."""

    serializer_class = serializers.PodDetail
    has_past = True

    def found(self, asked: Asked) -> dict[str, Any] | None:
        cluster = asked.cluster
        uid = asked.path["uid"]
        question: dict[str, Any] = {"cluster": cluster, "scope": asked.scope}
        if asked.at:
            pod = past_pods.one(uid, at=asked.at, **question)
        else:
            pod = pods.one(uid, **question)
        return rows.pod_detail(pod, cluster) if pod else None
