"""A page writes nothing: not the mirror, not a log, not a session."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.published import PAGES, REST

pytestmark = pytest.mark.django_db


class Wrote(AssertionError):
    """A request that only asks tried to write."""


def only_select(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    """Let questions pass; BEGIN too would take SQLite's one lock of writers."""
    if not sql.lstrip("( ").upper().startswith("SELECT"):
        raise Wrote(sql)
    return execute(sql, params, many, context)


@pytest.mark.parametrize("path", [*PAGES.values(), *REST])
def test_a_page_only_reads(signed_in, path):
    with connection.execute_wrapper(only_select):
        assert signed_in.get(path).status_code == 200


def test_a_write_would_be_caught(signed_in):
    with (
        pytest.raises(Wrote),
        connection.execute_wrapper(only_select),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE mirror_cluster SET name = ''")
