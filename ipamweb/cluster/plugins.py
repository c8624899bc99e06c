"""Credential plugins (`exec` of a kubeconfig): run one, understand what it prints.

Unlike the kubernetes package's way of running them, a plugin has a limit of time, a
failure is an error instead of a log line, and nothing it prints gets into a message.
Source: Kubernetes, "Authenticating", client-go credential plugins.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from ipamweb.cluster.errors import Misconfigured

PLUGIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class PluginAnswer:
    """What a plugin gave: a token, or a client certificate with its key (PEM), or both.

    `expires_at` None: it does not say; then it is asked again each time.
    """

    token: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    expires_at: datetime | None = None


class _Status(msgspec.Struct, rename="camel"):
    token: str | None = None
    client_certificate_data: str | None = None
    client_key_data: str | None = None
    expiration_timestamp: datetime | None = None


class _ExecCredential(msgspec.Struct):
    status: _Status


def run_plugin(
    plugin: Mapping[str, Any],
    *,
    directory: str,
    about: Mapping[str, Any],
    cluster: str,
) -> PluginAnswer:
    """Return what the plugin of a kubeconfig's user gives; raises Misconfigured.

    `directory` is the kubeconfig's: commands with a slash are relative to it. `about`
    is the kubeconfig's cluster, for plugins that ask for it (`provideClusterInfo`).
    """
    command = str(plugin.get("command") or "")
    if "/" in command:
        command = str(Path(directory) / command)
    action = f"run the credential plugin {command!r} of the kubeconfig"
    try:
        printed = subprocess.run(
            [command, *(str(word) for word in plugin.get("args") or ())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=directory,
            env=_environment(plugin, about),
            timeout=PLUGIN_SECONDS,
            check=True,
        ).stdout
    except subprocess.TimeoutExpired:
        why = f"it did not end within {PLUGIN_SECONDS:g} s"
    except subprocess.CalledProcessError as error:
        why = f"it ended with {error.returncode}; run it by hand to see why"
    except OSError as error:
        why = error.strerror or "it cannot be started"
    else:
        return _understand(printed, cluster=cluster, action=action)
    # Not chained: the arguments of the command may be secret.
    raise Misconfigured(cluster, action=action, why=why)


def _environment(plugin: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, str]:
    asked: dict[str, Any] = {"interactive": False}
    if plugin.get("provideClusterInfo"):
        asked["cluster"] = about
    info = {
        "apiVersion": plugin.get("apiVersion"),
        "kind": "ExecCredential",
        "spec": asked,
    }
    given = {str(one["name"]): str(one["value"]) for one in plugin.get("env") or ()}
    return {**os.environ, **given, "KUBERNETES_EXEC_INFO": json.dumps(info)}


def _understand(printed: bytes, *, cluster: str, action: str) -> PluginAnswer:
    try:
        status = msgspec.json.decode(printed, type=_ExecCredential).status
    except (msgspec.DecodeError, UnicodeDecodeError):
        status = _Status()
    has_certificate = status.client_certificate_data and status.client_key_data
    if not status.token and not has_certificate:
        why = "it printed no ExecCredential with a token or a certificate and its key"
        raise Misconfigured(cluster, action=action, why=why)
    return PluginAnswer(
        status.token or "",
        status.client_certificate_data or "",
        status.client_key_data or "",
        status.expiration_timestamp,
    )
