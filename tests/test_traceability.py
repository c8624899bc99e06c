"""Every promise has a test that carries its id, and stands in docs/promises.md."""

import re

import pytest

from tests.source import ROOT, functions, python_files

PROMISES = [
    f"{letter}{number}"
    for letter, count in (("R", 9), ("O", 6), ("H", 9), ("C", 5), ("L", 5))
    for number in range(1, count + 1)
]
# test_a_403_closes_nothing_R2, test_R2_R6_nothing_is_closed_by_an_error
NAMES = [
    function.name
    for file in python_files("tests")
    for function in functions(file)
    if function.name.startswith("test_")
]


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_has_a_test_that_carries_its_id(promise):
    assert [name for name in NAMES if promise in name.split("_")]


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_is_published(promise):
    text = (ROOT / "docs" / "promises.md").read_text()

    assert re.search(rf"^\| {promise} \|", text, re.MULTILINE)
