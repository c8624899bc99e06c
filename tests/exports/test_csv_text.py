"""Cells that a spreadsheet shows and does not run."""

import pytest

from ipamweb.exports import csv_text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-shop", "'-shop"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("shop", "shop"),
        ("a=b", "a=b"),
        (-1.5, "-1.5"),
        (True, "true"),
        (None, ""),
    ],
    ids=repr,
)
def test_a_text_that_begins_like_a_formula_is_marked_as_text(value, shown):
    assert csv_text.cell(value) == shown


def test_a_cell_with_a_comma_or_a_quote_is_one_cell():
    found = csv_text.text_of([{"a": 'x,"y"', "b": 1}], columns=("a", "b"))

    assert found == 'a,b\r\n"x,""y""",1\r\n'
