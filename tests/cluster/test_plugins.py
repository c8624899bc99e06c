"""Credential plugins: what they are asked, what they may answer, how they may fail."""

import json
import sys
from datetime import UTC, datetime

import pytest

from ipamweb.cluster import plugins
from ipamweb.cluster.errors import Misconfigured
from ipamweb.cluster.plugins import run_plugin

ABOUT = {"server": "https://prod:6443"}


def script(source, **fields):
    return {"command": sys.executable, "args": ["-c", source], **fields}


def printing(status):
    return script(f"print({json.dumps(json.dumps({'status': status}))})")


def run(plugin, tmp_path):
    return run_plugin(plugin, directory=str(tmp_path), about=ABOUT, cluster="prod")


def test_a_plugin_gives_a_token_and_says_how_long_it_lives(tmp_path):
    plugin = printing({"token": "t", "expirationTimestamp": "2026-11-22T12:00:00Z"})

    answer = run(plugin, tmp_path)

    assert answer.token == "t"
    assert answer.expires_at == datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_plugin_may_give_a_certificate(tmp_path):
    plugin = printing({"clientCertificateData": "cert", "clientKeyData": "key"})

    answer = run(plugin, tmp_path)

    assert (answer.certificate, answer.key, answer.token) == ("cert", "key", "")


def test_a_plugin_gets_its_environment_and_what_it_asks_to_know(tmp_path):
    source = (
        "import os, json; info = json.loads(os.environ['KUBERNETES_EXEC_INFO']);"
        "print(json.dumps({'status': {'token': os.environ['ROLE'] + ' ' "
        "+ info['apiVersion'] + ' ' + info['spec']['cluster']['server']}}))"
    )
    plugin = script(
        source,
        apiVersion="client.authentication.k8s.io/v1",
        provideClusterInfo=True,
        env=[{"name": "ROLE", "value": "reader"}],
    )

    token = run(plugin, tmp_path).token

    assert token == "reader client.authentication.k8s.io/v1 https://prod:6443"


def test_a_command_with_a_slash_is_relative_to_the_kubeconfig(tmp_path):
    (tmp_path / "bin").mkdir()
    plugin = tmp_path / "bin" / "login"
    plugin.write_text('#!/bin/sh\necho \'{"status": {"token": "here"}}\'\n')
    plugin.chmod(0o755)

    assert run({"command": "bin/login"}, tmp_path).token == "here"


@pytest.mark.parametrize(
    ("plugin", "says"),
    [
        pytest.param(script("import sys; sys.exit(7)"), "ended with 7", id="fails"),
        pytest.param({"command": "no-such-plugin"}, "No such file", id="missing"),
        pytest.param({}, "'' of the kubeconfig", id="no command"),
        pytest.param(script("print('s3cret')"), "printed no Exec", id="no JSON"),
        pytest.param(printing({}), "printed no Exec", id="nothing in it"),
        pytest.param(
            printing({"clientCertificateData": "c"}), "printed no", id="no key"
        ),
    ],
)
def test_a_plugin_that_gives_nothing_is_a_clear_error(tmp_path, plugin, says):
    with pytest.raises(Misconfigured, match="run the credential plugin") as caught:
        run(plugin, tmp_path)

    assert says in str(caught.value)
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__!r}"


def test_nothing_secret_of_a_plugin_gets_into_an_error(tmp_path):
    plugin = script("import sys; sys.exit('s3cret')", args=["-c", "s3cret = 1; 1/0"])

    with pytest.raises(Misconfigured) as caught:
        run(plugin, tmp_path)

    assert "s3cret" not in f"{caught.value} {caught.value.__cause__!r}"


def test_nothing_secret_stands_in_the_text_of_an_answer(tmp_path):
    assert "s3cret" not in repr(run(printing({"token": "s3cret"}), tmp_path))


def test_L1_a_plugin_that_hangs_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(plugins, "PLUGIN_SECONDS", 0.2)

    with pytest.raises(Misconfigured, match=r"did not end within 0.2 s"):
        run(script("import time; time.sleep(60)"), tmp_path)
