"""Log lines."""

import logging

import pytest

from ipamweb.logs import LineFormatter, cleaned, logging_settings, request_id


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred", "\\u001b[31mred", id="terminal escape"),
        pytest.param("a\rb", "a\\u000db", id="carriage return"),
        pytest.param("a\u202eb", "a\\u202eb", id="text turned round"),
        pytest.param("a\tb\nc", "a\tb\nc", id="tab and newline stay"),
        pytest.param("grüße", "grüße", id="letters stay"),
        pytest.param("ipw_0123456789ab.s3cret", "ipw_0123456789ab.***", id="token"),
        pytest.param(
            "Authorization: Bearer s3.cr-et", "Authorization: Bearer ***", id="h"
        ),
    ],
)
def test_what_could_mislead_or_open_something_is_not_shown(text, shown):
    assert cleaned(text) == shown


def test_a_line_carries_the_id_of_its_request():
    record = logging.LogRecord("n", logging.INFO, "p", 1, "said %s", ("a",), None)
    token = request_id.set("abcd")
    line = LineFormatter("%(levelname)s [%(request_id)s] %(message)s").format(record)
    request_id.reset(token)

    assert line == "INFO [abcd] said a"


def test_a_log_file_leaves_warnings_to_the_terminal():
    handlers = logging_settings(level="INFO", file="web.log")["handlers"]

    assert handlers["console"]["level"] == "WARNING"
    assert handlers["file"]["filename"] == "web.log"


def test_a_wrong_host_is_a_line_and_no_traceback(client, caplog):
    assert client.get("/healthz/live/", headers={"Host": "evil.example"}).status_code

    (record,) = [each for each in caplog.records if "DisallowedHost" in each.name]
    assert record.getMessage().startswith("Invalid HTTP_HOST header: 'evil.example'.")
    assert record.exc_info is None
