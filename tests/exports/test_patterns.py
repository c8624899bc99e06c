"""Rows of text out of columns."""

import pytest

from ipamweb.exports.patterns import Column, rows

COMMA = Column(",", lambda values: [str(value) for value in values])
HUNDRED = Column("100%=", lambda values: [str(value) for value in values])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([("x", "y"), ("z", "z")], [",x100%=z.", ",y100%=z."], id="one"),
        pytest.param([("x", "x"), ("z", "z")], [",x100%=z."] * 2, id="all"),
        pytest.param([("x",), ("%s",)], [",x100%=%s."], id="a single row"),
        pytest.param([("%d", "y"), (1, True)], [",%d100%=1.", ",y100%=True."], id="1"),
        pytest.param([(), ()], [], id="none"),
    ],
)
def test_what_every_row_says_is_in_every_row(values, expected):
    assert list(rows([COMMA, HUNDRED], values, after=".")) == expected
