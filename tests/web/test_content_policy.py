"""What a browser may load and run."""

import pytest

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("path", ["/healthz/live", "/nothing/here", "/static/none.css"])
def test_every_answer_forbids_what_is_inline_and_from_elsewhere(client, db, path):
    policy = client.get(path)["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
