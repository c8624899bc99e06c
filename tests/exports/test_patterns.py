"""Rows of text out of columns."""

import pytest

from ipamweb.exports.patterns import Cells, Column, text

COMMA = Column(",", lambda values: Cells([str(value) for value in values]))
QUOTED = Column("100%=", lambda values: Cells([str(v) for v in values], mark="'"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([("x", "y"), ("z", "z")], ",x100%='z'.,y100%='z'.", id="one"),
        pytest.param([("x", "x"), ("z", "z")], ",x100%='z'." * 2, id="all"),
        pytest.param([("x", "x"), ("y", "z")], ",x100%='y'.,x100%='z'.", id="last"),
        pytest.param([("x", "y"), ("y", "z")], ",x100%='y'.,y100%='z'.", id="none"),
        pytest.param([("x",), ("%s",)], ",x100%='%s'.", id="a single row"),
        pytest.param([("d", "y"), (1, True)], ",d100%='1'.,y100%='True'.", id="1"),
        pytest.param([(), ()], "", id="no row"),
    ],
)
def test_what_every_row_says_is_in_every_row(values, expected):
    assert text([COMMA, QUOTED], values, after=".") == expected
