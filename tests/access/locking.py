"""Whether an act goes by rows that nobody changes before it ends."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def goes_by_locked_rows(act: Callable[[], Any]) -> bool:
    """Do it, and say whether its first question is one of its own transaction, which
    on SQLite nobody else writes in, and locks the row where there are such locks."""
    with CaptureQueriesContext(connection) as asked:
        act()
    begin, first = (each["sql"] for each in asked.captured_queries[:2])
    has_locks = connection.features.has_select_for_update
    is_locked = re.search("FOR (NO KEY )?UPDATE", first) is not None
    return begin.startswith("SAVEPOINT") and is_locked is has_locks
