"""Kubeconfigs: each way to say who we are, each way to say it wrong."""

import base64
import sys

import pytest
import yaml

from ipamweb.cluster.access import Access, open_session
from ipamweb.cluster.errors import Misconfigured, Unauthorized
from tests.cluster.raw_server import CERTIFICATES, answer, status

CA = CERTIFICATES / "ca.pem"


def hello(_):
    return [answer({})]


def config(server="https://127.0.0.1:6443", *, user=None, cluster=None):
    """A kubeconfig with one context, `here`, which is the current one."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": server, **(cluster or {})}}],
        "users": [{"name": "u", "user": {"token": "s3cret"} if user is None else user}],
    }


@pytest.fixture
def kubeconfig(tmp_path):
    """Write a kubeconfig, given as a dict or as text; return its path."""

    def write(content, name="config"):
        path = tmp_path / name
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture
def ask(serve, kubeconfig):
    """Ask a server with a kubeconfig for it; return the request that arrived."""

    def send(certificate="", **fields):
        server = serve(hello, certificate)
        path = kubeconfig(config(server.url, **fields))
        with open_session(Access("prod", kubeconfig=path)) as session:
            session.request("/version")
        return server.requests[0]

    return send


def with_data(path):
    return base64.b64encode(path.read_bytes()).decode()


# ---- who we are ----------------------------------------------------------------------


def test_a_token_is_sent(ask):
    assert ask().headers["authorization"] == "Bearer s3cret"


def test_a_token_file_beside_the_kubeconfig_is_read(ask, tmp_path):
    (tmp_path / "token").write_text("from-file\n")

    request = ask(user={"tokenFile": "token"})

    assert request.headers["authorization"] == "Bearer from-file"


def test_a_name_and_a_password_are_sent(ask):
    request = ask(user={"username": "me", "password": "pass"})

    assert request.headers["authorization"] == "Basic bWU6cGFzcw=="


def test_a_plugin_is_run_for_its_token(ask):
    source = 'print(\'{"status": {"token": "from-plugin"}}\')'

    request = ask(user={"exec": {"command": sys.executable, "args": ["-c", source]}})

    assert request.headers["authorization"] == "Bearer from-plugin"


def test_the_ca_and_a_client_certificate_may_stand_in_the_kubeconfig(ask):
    request = ask(
        "server.pem",
        cluster={"certificate-authority-data": with_data(CA)},
        user={
            "client-certificate-data": with_data(CERTIFICATES / "client.crt"),
            "client-key-data": with_data(CERTIFICATES / "client.key"),
        },
    )

    assert "authorization" not in request.headers


def test_the_ca_and_a_client_certificate_may_be_files(ask):
    ask(
        "server.pem",
        cluster={"certificate-authority": str(CA)},
        user={
            "client-certificate": str(CERTIFICATES / "client.crt"),
            "client-key": str(CERTIFICATES / "client.key"),
        },
    )


def test_tls_server_name_is_the_name_that_is_checked(ask):
    ask(
        "named.pem",
        cluster={
            "certificate-authority": str(CA),
            "tls-server-name": "kubernetes.example",
        },
    )


def test_insecure_skip_tls_verify_is_obeyed_with_a_warning(serve, kubeconfig):
    server = serve(hello, "expired.pem")
    insecure = {"insecure-skip-tls-verify": True}

    path = kubeconfig(config(server.url, cluster=insecure))
    with open_session(Access("prod", kubeconfig=path)) as session:
        session.request("/version")

    assert session.warnings == (
        "insecure-skip-tls-verify: nothing proves that 127.0.0.1 is the cluster",
    )


def test_a_kubeconfig_without_a_credential_is_warned_of(kubeconfig):
    path = kubeconfig(config(user={}))

    (warning,) = open_session(Access("prod", kubeconfig=path)).warnings

    assert warning == f"the kubeconfig {path} holds no credential: we ask as nobody"


def test_the_named_context_is_used_instead_of_the_current_one(serve, kubeconfig):
    server = serve(hello)
    content = config("http://127.0.0.1:9")
    content["clusters"].append({"name": "d", "cluster": {"server": server.url}})
    other = {"name": "there", "context": {"cluster": "d", "user": "u"}}
    content["contexts"].append(other)

    access = Access("prod", kubeconfig=kubeconfig(content), context="there")
    with open_session(access) as session:
        session.request("/version")

    assert len(server.requests) == 1


def test_two_kubeconfigs_are_merged(serve, kubeconfig):
    server = serve(hello)
    whole = config(server.url)
    first = kubeconfig({"users": whole.pop("users")}, "users")
    second = kubeconfig(whole, "clusters")

    with open_session(Access("prod", kubeconfig=f"{first}:{second}")) as session:
        session.request("/version")

    assert server.requests[0].headers["authorization"] == "Bearer s3cret"


# ---- read again ----------------------------------------------------------------------


def counting_plugin(tmp_path, expires):
    """A plugin that gives t1, t2, …: a new token each time it is run."""
    source = (
        "import json, pathlib; path = pathlib.Path('count');"
        "n = int(path.read_text()) + 1 if path.exists() else 1;"
        "path.write_text(str(n)); print(json.dumps({'status': {'token': f't{n}',"
        f"'expirationTimestamp': {expires!r}}}}}))"
    )
    return {"exec": {"command": sys.executable, "args": ["-c", source]}}


def only(token):
    def script(request):
        if request.headers["authorization"] == f"Bearer {token}":
            return [answer({})]
        return [answer(status(401), status=401)]

    return script


def test_a_plugin_is_run_again_after_a_401(serve, kubeconfig, tmp_path):
    user = counting_plugin(tmp_path, "2099-01-01T00:00:00Z")
    path = kubeconfig(config(serve(only("t2")).url, user=user))

    with open_session(Access("prod", kubeconfig=path)) as session:
        session.request("/version")

    assert (tmp_path / "count").read_text() == "2"


@pytest.mark.parametrize(
    ("expires", "runs"), [("2099-01-01T00:00:00Z", "1"), ("2020-01-01T00:00:00Z", "2")]
)
def test_what_a_plugin_gave_is_used_until_it_expires(
    kubeconfig, tmp_path, expires, runs
):
    path = kubeconfig(config(user=counting_plugin(tmp_path, expires)))

    open_session(Access("prod", kubeconfig=path))
    open_session(Access("prod", kubeconfig=path))

    assert (tmp_path / "count").read_text() == runs


def test_a_kubeconfig_is_read_again_after_a_401(serve, kubeconfig):
    server = serve(only("new"))
    path = kubeconfig(config(server.url))

    with open_session(Access("prod", kubeconfig=path)) as session:
        kubeconfig(config(server.url, user={"token": "new"}))
        session.request("/version")

    assert len(server.requests) == 2


def test_a_credential_that_stays_refused_is_unauthorized(serve, kubeconfig):
    path = kubeconfig(config(serve(only("another")).url))

    with (
        open_session(Access("prod", kubeconfig=path)) as session,
        pytest.raises(Unauthorized),
    ):
        session.request("/version")


# ---- said wrong ----------------------------------------------------------------------


def broken(**changes):
    return {key: value for key, value in {**config(), **changes}.items() if value != 0}


WRONG = {
    "no YAML": ("a: [b", "it is no YAML (line 1)"),
    "binary": ("\x00\x01", "it is no YAML"),
    "empty": ("", "it is YAML, but no kubeconfig"),
    "text": ("hello", "it is YAML, but no kubeconfig"),
    "a list": ("- a\n- b", "it is YAML, but no kubeconfig"),
    "JSON of something else": ('{"kind": "Pod"}', "it has no contexts"),
    "no contexts": (broken(contexts=0), "it has no contexts"),
    "empty contexts": (broken(contexts=[]), "it has no contexts"),
    "contexts without names": (broken(contexts=[{}]), "it is YAML, but no kubeconfig"),
    "no current context": (
        broken(**{"current-context": 0}),
        "it has no current context; choose one of here",
    ),
    "unknown context": (
        broken(**{"current-context": "there"}),
        "it has no context 'there'; it has here",
    ),
    "unknown cluster": (
        broken(clusters=[]),
        "context 'here' names cluster 'c', which it lacks",
    ),
    "unknown user": (broken(users=[]), "context 'here' names user 'u', which it lacks"),
    "no server": (
        broken(clusters=[{"name": "c", "cluster": {}}]),
        "cluster 'c' has no server",
    ),
    "a user that is text": (
        broken(users=[{"name": "u", "user": "s3cret"}]),
        "user 'u' is not what it should be",
    ),
    "a CA that is no base64": (
        config(cluster={"certificate-authority-data": "s3cret!"}),
        "what context 'here' leads to cannot be understood",
    ),
    "a CA file that is not there": (
        config(cluster={"certificate-authority": "/nonexistent/ca"}),
        "it names a file that is not there: /nonexistent/ca",
    ),
    "a token file that is not there": (
        config(user={"tokenFile": "/nonexistent/token"}),
        "/nonexistent/token: No such file or directory",
    ),
    "a token in two lines": (
        config(user={"token": "s3cret\nX-Evil: 1"}),
        "what is in it cannot be a token",
    ),
    "exec that is text": (
        config(user={"exec": "s3cret"}),
        "the exec of user 'u' is not what it should be",
    ),
    "a provider of old": (
        config(user={"auth-provider": {"name": "azure", "config": {"t": "s3cret"}}}),
        "the auth-provider of user 'u' gives no token",
    ),
    "another proxy": (
        config(cluster={"proxy-url": "socks5://me:s3cret@proxy"}),
        "its proxy-url is none of http://",
    ),
}


@pytest.mark.parametrize(
    ("content", "says"), [pytest.param(*row, id=name) for name, row in WRONG.items()]
)
def test_a_kubeconfig_that_cannot_work_is_one_clear_sentence(kubeconfig, content, says):
    path = kubeconfig(content)

    with pytest.raises(Misconfigured) as caught:
        open_session(Access("prod", kubeconfig=path))

    assert says in str(caught.value)
    assert path in str(caught.value)
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__!r}"
    assert "\n" not in str(caught.value)


def test_a_kubeconfig_that_is_not_there_is_a_clear_error():
    with pytest.raises(Misconfigured) as caught:
        open_session(Access("prod", kubeconfig="/nonexistent/config"))

    assert str(caught.value) == (
        "prod: could not use the kubeconfig /nonexistent/config: there is no such file"
    )


def test_a_context_that_is_unknown_is_a_clear_error(kubeconfig):
    access = Access("prod", kubeconfig=kubeconfig(config()), context="elsewhere")

    with pytest.raises(Misconfigured, match="no context 'elsewhere'; it has here"):
        open_session(access)


def test_a_directory_is_no_kubeconfig(tmp_path):
    with pytest.raises(Misconfigured, match="Is a directory"):
        open_session(Access("prod", kubeconfig=str(tmp_path)))
