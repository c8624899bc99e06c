"""The sizes that keep code readable, measured on the syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.source import ROOT, functions, imports, python_files, relative, tree

SOURCE = python_files("ipamweb")
TESTS = python_files("tests", "benchmarks")
FORBIDDEN_NAMES = {"utils", "common", "helpers", "core", "base", "manager", "service"}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def named(files: list[Path]) -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in files:
        for function in functions(file):
            yield f"{relative(file)}:{function.name}", function


@pytest.mark.parametrize(
    ("files", "ceiling"),
    [pytest.param(SOURCE, 400, id="source"), pytest.param(TESTS, 500, id="tests")],
)
def test_a_file_has_one_subject(files, ceiling):
    lines = {relative(file): len(file.read_text().splitlines()) for file in files}

    assert {name: count for name, count in lines.items() if count > ceiling} == {}


def test_no_function_is_longer_than_sixty_lines():
    lengths = {name: length(function) for name, function in named(SOURCE + TESTS)}

    assert {name: count for name, count in lengths.items() if count > 60} == {}


def test_nine_functions_in_ten_are_shorter_than_thirty_lines():
    lengths = [length(function) for _, function in named(SOURCE)]

    assert median(lengths) <= 10
    assert sum(each < 30 for each in lengths) >= 0.9 * len(lengths)


def test_half_of_the_tests_are_ten_lines_or_less():
    tests = [one for name, one in named(TESTS) if one.name.startswith("test_")]

    assert median(length(test) for test in tests) <= 10


def test_a_function_takes_few_arguments_the_further_ones_by_keyword():
    wrong = []
    for name, function in named(SOURCE):
        spec = function.args
        every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
        own = [arg for arg in every if arg.arg not in ("self", "cls")]
        if len(own) > 5:
            wrong.append(f"{name} takes {len(own)}")

    assert wrong == []


def test_every_function_says_its_types():
    wrong = []
    for name, function in named(SOURCE):
        spec = function.args
        every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
        bare = [arg.arg for arg in every if not arg.annotation]
        if function.returns is None or set(bare) - {"self", "cls"}:
            wrong.append(name)

    assert wrong == []


def test_a_module_says_what_is_here():
    silent = {
        relative(file)
        for file in SOURCE
        if tree(file).body
        and not ast.get_docstring(tree(file))
        and file.name not in ("__init__.py", "apps.py")
    }

    assert silent == set()


def test_imports_stand_at_the_top_and_name_whole_modules():
    wrong = []
    for file in SOURCE + TESTS:
        top = set(map(id, tree(file).body))
        for node in ast.walk(tree(file)):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            is_deep = id(node) not in top and not _is_for_types(file, node)
            if is_deep and file.name != "apps.py":
                wrong.append(f"{relative(file)}:{node.lineno} is not at the top")
            if isinstance(node, ast.ImportFrom):
                if node.level:
                    wrong.append(f"{relative(file)}:{node.lineno} is relative")
                if node.names[0].name == "*":
                    wrong.append(f"{relative(file)}:{node.lineno} has a star")

    assert wrong == []


def _is_for_types(file: Path, wanted: ast.AST) -> bool:
    """Say whether an import stands below `if TYPE_CHECKING`."""
    for node in tree(file).body:
        if isinstance(node, ast.If) and wanted in ast.walk(node):
            return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return False


def test_no_module_is_a_drawer_for_everything():
    names = {file.stem for file in SOURCE} | {file.parent.name for file in SOURCE}

    assert names & FORBIDDEN_NAMES == set()


def test_what_is_caught_is_named_or_raised_again():
    """Only a poll catches everything: it records the run, logs and raises again."""
    broad = {
        relative(file)
        for file in SOURCE
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
    }

    assert broad <= {"ipamweb/sync/poll.py"}


def _catches_all(handler: ast.ExceptHandler) -> bool:
    caught = ast.unparse(handler.type) if handler.type else "BaseException"
    last = handler.body[-1]
    raises_again = isinstance(last, ast.Raise) and last.exc is None
    return caught in ("Exception", "BaseException") and not raises_again


def test_nothing_marks_text_from_outside_as_safe():
    marked = {
        relative(file)
        for file in SOURCE
        for name in imports(file)
        if name.endswith("mark_safe")
    }
    templates = (ROOT / "templates").rglob("*.html")
    filtered = {
        relative(file)
        for file in templates
        if "|safe" in file.read_text() or "autoescape off" in file.read_text()
    }

    assert (marked, filtered) == (set(), set())
