import pytest
from django.db import connection

from ipamweb.sync import statistics


def statements(run, *, rows: int) -> list[str]:
    seen: list[str] = []

    def note(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        run(rows)
    return seen


@pytest.mark.django_db(transaction=True)
def test_many_rows_have_the_tables_looked_at_again():
    seen = statements(statistics.refresh_after, rows=5_000)

    assert "ANALYZE mirror_allocation" in seen
    assert "ANALYZE mirror_pod" in seen


@pytest.mark.django_db(transaction=True)
def test_a_few_rows_cost_nothing():
    assert statements(statistics.refresh_after, rows=4_999) == []
