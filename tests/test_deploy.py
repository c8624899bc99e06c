"""What is shipped to run it: rights in a cluster, the image, the composition."""

import re
from typing import Any

import pytest
import yaml

from ipamweb.cluster.readers.contract import ALL_KINDS, Kind
from ipamweb.schedule import QUEUES
from tests.source import ROOT
from tests.test_docs import settings_read

READER = ROOT / "deploy" / "kustomize" / "reader"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = ("web", "worker", "beat", "migrate")


def documents() -> list[dict[str, Any]]:
    files = sorted(READER.rglob("*.yaml"))
    return [each for file in files for each in yaml.safe_load_all(file.read_text())]


def rules() -> list[dict[str, list[str]]]:
    return [rule for document in documents() for rule in document.get("rules", [])]


def rights() -> set[tuple[str, str, str]]:
    """Return (group, resource, verb) of all rules."""
    return {
        (group, resource, verb)
        for rule in rules()
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.resource)
def test_every_kind_that_is_mirrored_may_be_listed_and_watched(kind: Kind):
    wanted = {(kind.group, kind.resource, verb) for verb in ("list", "watch")}

    assert wanted <= rights()


def test_nothing_may_be_written_and_nothing_else_be_read():
    mirrored = {(kind.group, kind.resource) for kind in ALL_KINDS}

    assert {verb for _, _, verb in rights()} == {"get", "list", "watch"}
    assert {(group, resource) for group, resource, _ in rights()} == {
        *mirrored,
        ("", "configmaps"),
    }


def test_configmaps_are_read_by_name_only():
    (rule,) = [rule for rule in rules() if "configmaps" in rule["resources"]]

    assert rule["resourceNames"] == ["cilium-config", "kubeadm-config"]
    assert rule["verbs"] == ["get"]


def test_every_role_is_bound_to_the_one_account():
    roles = {each["metadata"]["name"] for each in documents() if "rules" in each}
    bindings = [each for each in documents() if "roleRef" in each]
    account = {"kind": "ServiceAccount", "name": "ipamweb-reader"}

    assert {each["roleRef"]["name"] for each in bindings} == roles
    for binding in bindings:
        assert binding["subjects"] == [{**account, "namespace": "ipamweb"}]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_write_nowhere_and_gain_no_right(name):
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_no_secret_stands_in_an_environment():
    for name in OURS:
        environment = COMPOSE["services"][name]["environment"]
        settings = {setting.removesuffix("_FILE") for setting in environment}
        assert settings <= settings_read()
        for secret in ("IPAMWEB_SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
            assert environment[f"{secret}_FILE"].startswith("/run/secrets/")


def test_the_worker_serves_every_queue():
    command = COMPOSE["services"]["worker"]["command"]
    (worker,) = pod("worker")["containers"]

    assert f"--queues {','.join(QUEUES)}" in command
    assert ",".join(QUEUES) in worker["command"]


def pod(name: str) -> dict[str, Any]:
    text = (ROOT / "deploy" / "kustomize" / "service" / f"{name}.yaml").read_text()
    deployment = next(yaml.safe_load_all(text))
    return deployment["spec"]["template"]["spec"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_our_pods_can_write_nowhere_and_gain_no_right(name):
    spec = pod(name)
    containers = [*spec["containers"], *spec.get("initContainers", [])]

    assert spec["securityContext"]["runAsNonRoot"] is True
    for container in containers:
        assert container["securityContext"] == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }


def test_only_the_worker_gets_the_accounts_token():
    given = {
        name: pod(name)["automountServiceAccountToken"]
        for name in ("web", "worker", "beat")
    }

    assert given == {"web": False, "worker": True, "beat": False}


def test_the_image_runs_as_nobody_in_particular_and_tells_its_health():
    text = (ROOT / "Dockerfile").read_text()

    assert re.findall(r"^USER (.*)", text, re.MULTILINE) == ["10001:10001"]
    assert "/healthz/ready" in text
    assert "IPAMWEB_SECRET_KEY" not in text
