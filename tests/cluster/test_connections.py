"""Connections: kept, limited in time and size, and closed after every error."""

import threading
import time
import zlib

import pytest

from ipamweb.cluster import connections
from ipamweb.cluster.connections import Connection, Quiet
from ipamweb.cluster.errors import BadAnswer, Unreachable
from ipamweb.cluster.logins import Login, parse_server
from ipamweb.cluster.questions import Question
from ipamweb.cluster.wires import Limits
from tests.cluster.raw_server import (
    CHUNKED,
    HANG_UP,
    LAST_CHUNK,
    answer,
    chunk,
    head,
)

VERSION = Question("/version")


def login_of(server, **fields):
    return Login(parse_server(server.url, cluster="prod"), **fields)


@pytest.fixture
def opened(stack, serve):
    """Return a connection to a server with a script, its login, and the server."""

    def start(script, *, idle=5.0, total=5.0):
        server = serve(script)
        connection = Connection("prod", Limits(1.0, idle, total))
        stack.callback(connection.close)
        return connection, login_of(server), server

    return start


def hello(_):
    return [answer({"hello": 1})]


def test_an_answer_has_its_status_its_headers_in_lower_case_and_its_body(opened):
    connection, login, _ = opened(
        lambda _: [answer(b"x", status=418, headers={"Retry-After": "1"})]
    )

    got = connection.ask(VERSION, login)

    assert (got.status, got.headers["retry-after"], got.body) == (418, "1", b"x")


def test_a_connection_that_the_server_closed_is_opened_anew(opened):
    connection, login, server = opened(lambda _: [answer({}), HANG_UP])

    connection.ask(VERSION, login)
    time.sleep(0.05)
    connection.ask(VERSION, login)

    assert [request.connection for request in server.requests] == [1, 2]
    assert connection.opened_count == 2


def test_another_token_goes_over_the_same_connection(opened):
    connection, login, server = opened(hello)

    connection.ask(VERSION, login)
    connection.ask(VERSION, Login(login.server, authorization="Bearer new"))

    assert [request.connection for request in server.requests] == [1, 1]
    assert server.requests[1].headers["authorization"] == "Bearer new"


def test_another_server_gets_another_connection(opened, serve):
    connection, login, server = opened(hello)
    other = serve(hello)

    connection.ask(VERSION, login)
    connection.ask(VERSION, login_of(other))

    assert (len(server.requests), len(other.requests)) == (1, 1)


def test_a_body_makes_it_a_post_of_json(opened):
    connection, login, server = opened(hello)

    connection.ask(Question("/reviews", body=b'{"a":1}'), login)

    (request,) = server.requests
    assert (request.method, request.body) == ("POST", b'{"a":1}')
    assert request.headers["content-type"] == "application/json"


def test_a_query_is_encoded(opened):
    connection, login, server = opened(hello)

    connection.ask(Question("/pods", {"continue": "a+b/c=&d"}), login)

    assert server.requests[0].query == {"continue": "a+b/c=&d"}


def test_a_proxy_is_asked_for_a_tunnel_each_time_it_is_connected(opened):
    def tunnel(request):
        if request.method == "CONNECT":
            return [b"HTTP/1.1 200 OK\r\n\r\n"]
        return [answer({}), HANG_UP]

    connection, login, proxy = opened(tunnel)
    far = Login(parse_server("http://prod.example", cluster="prod"), proxy=proxy.url)

    connection.ask(VERSION, far)
    time.sleep(0.05)
    connection.ask(VERSION, far)

    asked = [(request.method, request.target) for request in proxy.requests]
    assert asked == [("CONNECT", "prod.example:80"), ("GET", "/version")] * 2


def test_a_proxy_that_refuses_is_unreachable(opened):
    connection, login, proxy = opened(lambda _: [answer(b"", status=407)])
    far = Login(parse_server("http://prod.example", cluster="prod"), proxy=proxy.url)

    with pytest.raises(Unreachable, match="Tunnel connection failed: 407"):
        connection.ask(VERSION, far)


def test_the_time_of_an_answer_is_kept(opened):
    connection, login, _ = opened(lambda _: [0.1, answer({})])

    connection.ask(VERSION, login)

    assert 0.1 <= connection.answer_seconds < 10


# ---- limits --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "slow",
    [
        pytest.param([b"H", *[0.05, b"T"] * 600], id="of the first line"),
        pytest.param(
            [head({})[:-2], *[0.05, b"x: y\r\n"] * 600, b"\r\n"], id="of the headers"
        ),
        pytest.param(
            [head({"Content-Length": "999"}), *[0.05, b"x"] * 600], id="of the body"
        ),
        pytest.param([CHUNKED, *[0.05, b"0"] * 600], id="of a chunk's length"),
        pytest.param(
            [head({"Connection": "close"}), *[0.05, b"x"] * 600],
            id="of an endless body",
        ),
    ],
)
def test_L1_a_byte_now_and_then_does_not_keep_an_answer_alive(opened, slow):
    connection, login, _ = opened(lambda _: slow, total=0.5)
    began = time.monotonic()

    with pytest.raises(Unreachable, match=r"not complete after 0.5 s"):
        connection.ask(VERSION, login)

    # Thirty seconds, if each byte started the time anew.
    assert time.monotonic() - began < 10


def test_L1_silence_ends_an_answer_before_its_whole_time(opened):
    connection, login, _ = opened(lambda _: [CHUNKED, 30.0], idle=0.2, total=20.0)
    began = time.monotonic()

    with pytest.raises(Unreachable, match="sent nothing for too long"):
        connection.ask(VERSION, login)

    assert time.monotonic() - began < 10


def test_L5_an_endless_answer_is_refused(opened, monkeypatch):
    monkeypatch.setattr(connections, "BODY_BYTES", 10_000)
    connection, login, _ = opened(lambda _: [answer(b" " * 20_000)])

    with pytest.raises(BadAnswer, match="larger than"):
        connection.ask(VERSION, login)


def test_L5_a_small_gzip_that_unpacks_to_very_much_is_refused(opened, monkeypatch):
    monkeypatch.setattr(connections, "BODY_BYTES", 10_000)
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(b" " * 1_000_000) + packer.flush()
    connection, login, _ = opened(
        lambda _: [answer(bomb, headers={"Content-Encoding": "gzip"})]
    )

    with pytest.raises(BadAnswer, match="larger than"):
        connection.ask(VERSION, login)


def test_a_reader_in_another_thread_can_be_woken(opened):
    connection, login, _ = opened(lambda _: [30.0])
    threading.Timer(0.1, connection.interrupt).start()

    with pytest.raises(Unreachable):
        connection.ask(VERSION, login)


def test_after_an_error_the_next_question_gets_a_new_connection(opened):
    parts = iter([[b"garbage\r\n"], [answer({})]])
    connection, login, server = opened(lambda _: next(parts))

    with pytest.raises(BadAnswer, match="is not HTTP"):
        connection.ask(VERSION, login)
    connection.ask(VERSION, login)

    assert [request.connection for request in server.requests] == [1, 2]


# ---- streams -------------------------------------------------------------------------


def test_a_stream_gives_bytes_as_they_come(opened):
    connection, login, _ = opened(lambda _: [CHUNKED, chunk(b"one"), 0.1, chunk(b"2")])

    with connection.open_stream(VERSION, login) as stream:
        assert [stream.read(1.0), stream.read(1.0)] == [b"one", b"2"]


def test_a_stream_says_when_nothing_came(opened):
    connection, login, _ = opened(lambda _: [CHUNKED, 5.0])

    with connection.open_stream(VERSION, login) as stream, pytest.raises(Quiet):
        stream.read(0.1)


def test_a_stream_that_ended_leaves_the_connection_usable(opened):
    connection, login, server = opened(lambda _: [CHUNKED, chunk(b"one"), LAST_CHUNK])

    with connection.open_stream(VERSION, login) as stream:
        assert [stream.read(1.0), stream.read(1.0)] == [b"one", b""]
    connection.ask(VERSION, login)

    assert [request.connection for request in server.requests] == [1, 1]


def test_a_stream_is_never_asked_for_in_gzip(opened):
    connection, login, server = opened(lambda _: [CHUNKED, LAST_CHUNK])

    with connection.open_stream(VERSION, login):
        pass

    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_L1_a_drip_inside_a_stream_is_ended(opened):
    drip = [CHUNKED, *[0.05, b"0"] * 600]
    connection, login, _ = opened(lambda _: drip, total=0.4)

    with (
        connection.open_stream(VERSION, login) as stream,
        pytest.raises(Unreachable, match=r"not complete after 0.4 s"),
    ):
        stream.read(0.3)
