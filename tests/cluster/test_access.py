"""Sessions: credentials read again, one retry after a 401, kept connections."""

import os

import pytest

from ipamweb.cluster import access as access_module
from ipamweb.cluster.access import Access, open_session
from ipamweb.cluster.errors import (
    BadAnswer,
    Misconfigured,
    Unauthorized,
    Unreachable,
)
from ipamweb.cluster.questions import Question
from tests.cluster.raw_server import CERTIFICATES, answer, status

CA = str(CERTIFICATES / "ca.pem")
OTHER_CA = str(CERTIFICATES / "other-ca.pem")


def hello(_):
    return [answer({"gitVersion": "v1.36.0"})]


def only(token):
    """A cluster that accepts one token."""

    def script(request):
        if request.headers.get("authorization") == f"Bearer {token()}":
            return [answer({})]
        return [answer(status(401), status=401)]

    return script


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text("old-token\n")
    return path


def tokens(server):
    return [request.headers.get("authorization") for request in server.requests]


# ---- credentials ---------------------------------------------------------------------


def test_the_token_of_the_file_is_sent_without_its_newline(serve, connect, token_file):
    server = serve(hello)

    connect(server, token_file=str(token_file)).request("/version")

    assert tokens(server) == ["Bearer old-token"]


def test_a_refused_token_is_read_again_and_tried_once_more(serve, connect, token_file):
    server = serve(only(lambda: "new-token"))
    session = connect(server, token_file=str(token_file))
    token_file.write_text("new-token")

    session.request("/version")

    assert tokens(server) == ["Bearer old-token", "Bearer new-token"]


def test_a_token_that_is_refused_twice_is_an_error(serve, connect, token_file):
    server = serve(only(lambda: "another"))
    session = connect(server, token_file=str(token_file))

    with pytest.raises(Unauthorized) as caught:
        session.request("/version")

    assert len(server.requests) == 2
    assert str(caught.value) == (
        "prod: could not get /version: "
        "the API server does not accept the credential (401)"
    )


def test_a_token_is_read_again_after_a_minute(serve, connect, token_file, monkeypatch):
    server = serve(hello)
    session = connect(server, token_file=str(token_file))
    token_file.write_text("new-token")

    session.request("/version")
    now = access_module.time.monotonic() + 61
    monkeypatch.setattr(access_module.time, "monotonic", lambda: now)
    session.request("/version")

    assert tokens(server) == ["Bearer old-token", "Bearer new-token"]
    assert [request.connection for request in server.requests] == [1, 1]


def test_a_watch_that_is_refused_reads_the_token_again(serve, connect, token_file):
    server = serve(only(lambda: "new-token"))
    session = connect(server, token_file=str(token_file))
    token_file.write_text("new-token")

    with session.watch(Question("/api/v1/pods", verb="watch", resource="pods")):
        pass

    assert tokens(server) == ["Bearer old-token", "Bearer new-token"]


def test_without_a_token_no_authorization_is_sent(serve, connect):
    server = serve(hello)

    connect(server).request("/version")

    assert tokens(server) == [None]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "there is no token in it", id="empty"),
        pytest.param(b" \n", "there is no token in it", id="blank"),
        pytest.param(b"s3cret\r\nX-Evil: 1", "cannot be a token", id="two lines"),
        pytest.param(b"s3cret s3cret", "cannot be a token", id="a blank inside"),
        pytest.param(b"s3cret\xff\xfe", "cannot be a token", id="no text"),
        pytest.param("s3cret-é".encode(), "cannot be a token", id="no ASCII"),
    ],
)
def test_a_token_file_without_a_token_is_a_clear_error(
    serve, connect, token_file, content, says
):
    token_file.write_bytes(content)

    with pytest.raises(Misconfigured, match=says) as caught:
        connect(serve(hello), token_file=str(token_file))

    assert f"the token file {token_file}" in str(caught.value)
    assert "s3cret" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_token_file_that_is_not_there_is_a_clear_error(serve, connect):
    with pytest.raises(Misconfigured) as caught:
        connect(serve(hello), token_file="/nonexistent/token")

    assert str(caught.value) == (
        "prod: could not read the token file /nonexistent/token: "
        "No such file or directory"
    )


def test_nothing_secret_stands_in_the_text_of_a_session(serve, connect, token_file):
    session = connect(serve(hello), token_file=str(token_file))

    assert "old-token" not in f"{session!r} {session._login!r} {session._access!r}"


# ---- the address ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("", "is not like https://host:6443", id="empty"),
        pytest.param("prod.example:6443", "is not like", id="no scheme"),
        pytest.param("ftp://prod.example", "is not like", id="another scheme"),
        pytest.param("https://", "is not like", id="no host"),
        pytest.param("https://prod:port", "is not like", id="no port"),
        pytest.param("https://a/?x=1", "is not like", id="a query"),
        pytest.param("https://me:s3cret@prod", "user name or password", id="password"),
    ],
)
def test_an_address_that_is_none_is_a_clear_error(url, says):
    with pytest.raises(Misconfigured, match=says) as caught:
        open_session(Access("prod", api_url=url))

    assert "s3cret" not in str(caught.value)


def test_a_path_of_the_address_comes_before_every_path(serve):
    server = serve(hello)
    access = Access("prod", api_url=f"{server.url}/k8s/clusters/c-1/")

    with open_session(access) as session:
        session.request("/version")

    assert server.requests[0].path == "/k8s/clusters/c-1/version"


def test_a_name_that_cannot_be_resolved_is_unreachable():
    with (
        open_session(Access("prod", api_url="http://nowhere.invalid")) as session,
        pytest.raises(Unreachable) as caught,
    ):
        session.request("/version")

    assert str(caught.value) == (
        "prod: could not get /version: the name 'nowhere.invalid' cannot be resolved"
    )


def test_a_refused_connection_is_unreachable(serve, connect):
    server = serve(hello)
    session = connect(server)
    server.close()

    with pytest.raises(Unreachable, match=r"no connection to 127.0.0.1:\d+: .*refused"):
        session.request("/version")


def test_L1_a_server_that_does_not_accept_connections_is_unreachable(connect, serve):
    # 192.0.2.0/24 is for documentation (RFC 5737): nobody answers there.
    access = Access("prod", api_url="http://192.0.2.1:6443", connect_seconds=0.2)

    with open_session(access) as session, pytest.raises(Unreachable):
        session.request("/version")


def test_a_redirect_is_not_followed(serve, connect):
    elsewhere = serve(hello)
    target = {"Location": f"{elsewhere.url}/version"}
    server = serve(lambda _: [answer(b"", status=307, headers=target)])

    with pytest.raises(BadAnswer, match="answered 307, a redirect"):
        connect(server).request("/version")

    assert elsewhere.requests == []


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    serve, connect, monkeypatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    server = serve(hello)

    connect(server).request("/version")

    assert len(server.requests) == 1


def test_a_token_without_tls_is_warned_of_unless_it_stays_on_this_machine(token_file):
    far = Access("prod", api_url="http://prod.example", token_file=str(token_file))
    near = Access("prod", api_url="http://127.0.0.1:1", token_file=str(token_file))

    assert open_session(near).warnings == ()
    assert open_session(far).warnings == (
        "the token goes to prod.example without TLS: it can be read on the way",
    )


# ---- TLS -----------------------------------------------------------------------------


def ask_over_tls(serve, connect, certificate, **fields):
    return connect(serve(hello, certificate), **fields).request("/version")


def test_the_ca_of_the_cluster_is_believed(serve, connect):
    body = ask_over_tls(serve, connect, "server.pem", ca_file=CA)

    assert body == b'{"gitVersion": "v1.36.0"}'


@pytest.mark.parametrize(
    ("certificate", "ca_file", "says"),
    [
        pytest.param(
            "server.pem",
            OTHER_CA,
            f"is not signed by the CA file {OTHER_CA}",
            id="another CA",
        ),
        pytest.param(
            "server.pem",
            "",
            "is not signed by the CAs of this machine",
            id="no CA given",
        ),
        pytest.param("named.pem", CA, "is not for '127.0.0.1'", id="another name"),
        pytest.param("expired.pem", CA, "certificate has expired", id="expired"),
    ],
)
def test_a_certificate_that_does_not_fit_is_one_clear_sentence(
    serve, connect, certificate, ca_file, says
):
    with pytest.raises(Misconfigured) as caught:
        ask_over_tls(serve, connect, certificate, ca_file=ca_file)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_ca_that_does_not_match_says_what_to_do(serve, connect):
    with pytest.raises(Misconfigured) as caught:
        ask_over_tls(serve, connect, "server.pem", ca_file=OTHER_CA)

    assert str(caught.value).endswith(
        "give the CA of this cluster "
        "(certificate-authority in the kubeconfig, or --ca-file)"
    )


def test_a_ca_file_that_is_not_there_is_a_clear_error():
    access = Access("prod", api_url="https://127.0.0.1:1", ca_file="/nonexistent/ca")

    with pytest.raises(Misconfigured) as caught:
        open_session(access)

    assert str(caught.value) == (
        "prod: could not read the CA file /nonexistent/ca: No such file or directory"
    )


def test_a_ca_file_without_a_certificate_is_a_clear_error(tmp_path):
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing here")

    with pytest.raises(Misconfigured, match="it holds no PEM certificate"):
        open_session(Access("p", api_url="https://127.0.0.1:1", ca_file=str(empty)))


def test_tls_to_a_server_without_it_is_unreachable(serve):
    server = serve(hello)
    url = server.url.replace("http://", "https://")

    with (
        open_session(Access("prod", api_url=url, ca_file=CA)) as session,
        pytest.raises(Unreachable, match=r"TLS with 127.0.0.1:\d+ failed"),
    ):
        session.request("/version")


# ---- in a pod ------------------------------------------------------------------------


def test_a_pod_uses_its_service_account(serve, token_file, monkeypatch):
    server = serve(hello, "server.pem")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", server.url.rpartition(":")[2])
    monkeypatch.setattr(access_module, "IN_CLUSTER_TOKEN_FILE", str(token_file))
    monkeypatch.setattr(access_module, "IN_CLUSTER_CA_FILE", CA)

    with open_session(Access("prod", in_cluster=True)) as session:
        session.request("/version")

    assert tokens(server) == ["Bearer old-token"]


@pytest.mark.skipif(
    "KUBERNETES_SERVICE_HOST" in os.environ, reason="runs in a pod of a cluster"
)
def test_in_cluster_outside_a_pod_is_a_clear_error():
    with pytest.raises(Misconfigured, match="this is not a pod of a cluster"):
        open_session(Access("prod", in_cluster=True))
