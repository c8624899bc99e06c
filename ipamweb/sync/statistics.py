"""Tells the database how its tables are filled, when a poll has filled them.

Without it PostgreSQL plans the questions of pages for the empty tables it last saw,
until its own daemon comes round; a list of allocations then takes seconds.
"""

from django.db import connection

from ipamweb.mirror.models import Allocation, Block, Endpoint, Node, PastAllocation, Pod

# Fewer rows than this change no plan.
MANY_ROWS = 5_000
TABLES = (Allocation, PastAllocation, Pod, Endpoint, Node, Block)


def refresh_after(rows: int) -> None:
    """Have the tables looked at again where so many rows were written.

    A sample of each table, a fraction of a second. Outside a transaction, only.
    """
    if rows < MANY_ROWS:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Looks at so many entries of each index, however large it is.
            cursor.execute("PRAGMA analysis_limit = 400")
        else:
            # A quick look, 6,000 rows of each; its own daemon takes a longer one later.
            cursor.execute("SET default_statistics_target = 20")
        for model in TABLES:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
        if connection.vendor != "sqlite":
            cursor.execute("RESET default_statistics_target")
