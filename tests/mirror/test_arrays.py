"""Array literals as PostgreSQL reads them."""

import pytest

from ipamweb.mirror.arrays import array


@pytest.mark.parametrize(
    ("values", "literal"),
    [
        pytest.param([], "{}", id="none"),
        pytest.param([1, -2, None], "{1,-2,NULL}", id="numbers and NULL"),
        pytest.param([True, False], "{True,False}", id="booleans"),
        pytest.param(["a", "", "NULL"], '{"a","","NULL"}', id="texts"),
        pytest.param(['say "x"', "a\\b"], '{"say \\"x\\"","a\\\\b"}', id="special"),
        pytest.param([b"\x00\xff"], '{"\\\\x00ff"}', id="bytes"),
    ],
)
def test_an_array_is_written_as_postgresql_reads_it(values: list, literal: str):
    assert array(values) == literal
