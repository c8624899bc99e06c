"""What a kubeconfig says. The file is the host operator's, and trusted: plugins run.

The kubernetes package reads it (merging, contexts, files beside it, auth providers).
Its own errors are never passed on: they quote the file, with what is secret in it.
Not here: kubeconfigs that users upload; those are never read as files nor run.
"""

import base64
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import yaml
from kubernetes.config import ConfigException
from kubernetes.config.kube_config import (
    ENV_KUBECONFIG_PATH_SEPARATOR,
    KubeConfigLoader,
    KubeConfigMerger,
)

from ipamweb.cluster.errors import Misconfigured
from ipamweb.cluster.logins import (
    SYSTEM_CAS,
    Certificates,
    Login,
    Server,
    bearer,
    make_context,
    parse_server,
    warnings_of,
)
from ipamweb.cluster.plugins import PluginAnswer, run_plugin

# What the loader raises for a file that is YAML, but no kubeconfig.
SHAPE_ERRORS = (ConfigException, AttributeError, KeyError, TypeError, ValueError)
# What a plugin gave is used until this long before it expires.
EXPIRY_MARGIN = timedelta(seconds=60)
SECTIONS = ("contexts", "clusters", "users")
MISSING_FILE = "File does not exist: "

# The loader keeps one list, for the whole process, of the files it writes.
_loading = threading.Lock()
_plugin_answers: dict[tuple[str, str], PluginAnswer] = {}


class _Kubeconfig:
    """One context of a kubeconfig: its cluster and its user, found and told apart."""

    def __init__(self, path: str, context: str, *, cluster: str) -> None:
        self.path = path
        self.mirrored = cluster
        self.merged = self._merge()
        self.context = self._choose(context)
        chosen = self._section("contexts", self.context, "context")
        self.cluster = self._section("clusters", chosen.get("cluster"), "cluster")
        self.user_name = str(chosen.get("user") or "")
        self.user: dict[str, Any] = {}
        if self.user_name:
            self.user = self._section("users", self.user_name, "user")
        if not isinstance(self.cluster.get("server"), str):
            self.fail(f"cluster {chosen['cluster']!r} has no server")

    def fail(self, why: str) -> NoReturn:
        # Not chained, wherever it is called: the causes quote the file.
        action = f"use the kubeconfig {self.path}"
        raise Misconfigured(self.mirrored, action=action, why=why) from None

    def _merge(self) -> Any:
        paths = self.path.split(ENV_KUBECONFIG_PATH_SEPARATOR)
        if not any(Path(path).expanduser().exists() for path in paths if path):
            self.fail("there is no such file")
        try:
            merged = KubeConfigMerger(self.path).config
            names = {
                section: [str(one.value["name"]) for one in merged.value[section]]
                for section in SECTIONS
            }
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.fail(
                f"it is no YAML (line {mark.line + 1})" if mark else "it is no YAML"
            )
        except OSError as error:
            self.fail(error.strerror or "it cannot be read")
        except SHAPE_ERRORS:
            self.fail("it is YAML, but no kubeconfig")
        self.names = names["contexts"]
        if not self.names:
            self.fail("it has no contexts")
        return merged

    def _choose(self, context: str) -> str:
        names = self.names
        chosen = context or str(self.merged.value.get("current-context") or "")
        if not chosen:
            self.fail(f"it has no current context; choose one of {', '.join(names)}")
        if chosen not in names:
            self.fail(f"it has no context {chosen!r}; it has {', '.join(names)}")
        return chosen

    def _entry(self, section: str, name: object) -> Any:
        for one in self.merged.value[section]:
            if one.value["name"] == name:
                return one
        return None

    def _section(self, section: str, name: object, key: str) -> dict[str, Any]:
        """Return what stands under `key` in the entry of this name."""
        entry = self._entry(section, name)
        if entry is None:
            self.fail(f"context {self.context!r} names {key} {name!r}, which it lacks")
        found = entry.value.get(key) or {}
        if not isinstance(found, dict):
            self.fail(f"{key} {name!r} is not what it should be")
        return found

    def give_user(self, answer: PluginAnswer) -> None:
        """Put what the plugin gave in place of the plugin."""
        user = {key: value for key, value in self.user.items() if key != "exec"}
        if answer.token:
            user["token"] = answer.token
        if answer.certificate:
            user["client-certificate-data"] = _base64(answer.certificate)
            user["client-key-data"] = _base64(answer.key)
        self._entry("users", self.user_name).value["user"] = user

    @property
    def directory(self) -> str:
        """Where the user's entry stands: commands and files are relative to it."""
        path = self._entry("users", self.user_name).path
        return str(Path(path).absolute().parent)


def _base64(text: str) -> str:
    return base64.standard_b64encode(text.encode()).decode()


def read_kubeconfig(path: str, *, context: str, cluster: str) -> Login:
    """Return the login of a context, or of the current one when `context` is empty.

    `path` may be several, as in KUBECONFIG. Runs the credential plugin, unless what it
    gave last has not expired. Raises Misconfigured.
    """
    config = _Kubeconfig(path, context, cluster=cluster)
    plugin = config.user.get("exec")
    if plugin and not config.user.keys() & {"token", "tokenFile", "auth-provider"}:
        config.give_user(_plugin_answer(config, plugin, key=(path, context)))
    server = parse_server(config.cluster["server"], cluster=cluster)
    with _loading, tempfile.TemporaryDirectory() as directory:
        return _login(config, server, directory=directory)


def context_name(path: str, *, context: str, cluster: str) -> str:
    """Return the context that is meant: the given one, else the current one.

    Raises Misconfigured.
    """
    return _Kubeconfig(path, context, cluster=cluster).context


def forget_plugin(path: str, context: str) -> None:
    """Forget what the plugin gave: it was refused."""
    _plugin_answers.pop((path, context), None)


def _plugin_answer(
    config: _Kubeconfig, plugin: object, *, key: tuple[str, str]
) -> PluginAnswer:
    if not isinstance(plugin, dict):
        config.fail(f"the exec of user {config.user_name!r} is not what it should be")
    known = _plugin_answers.get(key)
    now = datetime.now(UTC)
    if known and known.expires_at and now < known.expires_at - EXPIRY_MARGIN:
        return known
    _plugin_answers[key] = run_plugin(
        plugin,
        directory=config.directory,
        about=config.cluster,
        cluster=config.mirrored,
    )
    return _plugin_answers[key]


def _login(config: _Kubeconfig, server: Server, *, directory: str) -> Login:
    loaded = _load(config, directory)
    name, is_verified = config.mirrored, getattr(loaded, "verify_ssl", True)
    client_file = getattr(loaded, "cert_file", None) or ""
    ca_file = getattr(loaded, "ssl_ca_cert", None) or ""
    ca = f"the CA of the kubeconfig {config.path}" if ca_file else SYSTEM_CAS
    authorization = _authorization(config, loaded.api_key.get("BearerToken") or "")
    files = Certificates(
        ca_file, client_file, getattr(loaded, "key_file", None) or "", bool(is_verified)
    )
    context = None
    if server.scheme == "https":
        context = make_context(files, cluster=name, ca=ca)
    warnings = warnings_of(
        server, authorization=authorization, is_verified=bool(is_verified)
    )
    if not authorization and not client_file:
        warnings = (*warnings, _no_credential(config))
    return Login(
        server,
        context,
        str(config.cluster.get("tls-server-name") or ""),
        authorization,
        _proxy(config),
        ca,
        warnings,
    )


def _load(config: _Kubeconfig, directory: str) -> Any:
    """Return what the loader finds: host, api_key, and the paths of certificates."""
    loaded = SimpleNamespace(api_key={})
    try:
        KubeConfigLoader(
            config.merged,
            active_context=config.context,
            config_base_path=None,  # files are relative to the kubeconfig
            temp_file_path=directory,
        ).load_and_set(loaded)
    except OSError as error:
        config.fail(f"{error.filename or 'a file'}: {error.strerror or 'unreadable'}")
    except SHAPE_ERRORS as error:
        # Of the loader's own errors, this one quotes a path only.
        if isinstance(error, ConfigException) and str(error).startswith(MISSING_FILE):
            config.fail(
                f"it names a file that is not there: {str(error)[len(MISSING_FILE) :]}"
            )
        config.fail(f"what context {config.context!r} leads to cannot be understood")
    return loaded


def _authorization(config: _Kubeconfig, header: str) -> str:
    """Return the header; a token is cleaned of blanks and checked."""
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer":
        return header  # Basic, made by the loader
    source = f"the token of user {config.user_name!r} in the kubeconfig {config.path}"
    return bearer(token, cluster=config.mirrored, source=source)


def _no_credential(config: _Kubeconfig) -> str:
    """Return the warning; raises Misconfigured when there should have been one."""
    provider = config.user.get("auth-provider")
    if provider:
        config.fail(
            f"the auth-provider of user {config.user_name!r} gives no token; "
            "a credential plugin (exec) would"
        )
    return f"the kubeconfig {config.path} holds no credential: we ask as nobody"


def _proxy(config: _Kubeconfig) -> str:
    proxy = str(config.cluster.get("proxy-url") or "")
    if proxy and not proxy.startswith("http://"):
        config.fail("its proxy-url is none of http://")
    return proxy
