"""No question at random brings an answer that is not described, whoever asks.

schemathesis asks all paths of the OpenAPI document, by what they allow and by what they
do not, and holds every answer to it with all its checks. A longer run:
`python -m benchmarks random_questions`.
"""

import re
from collections.abc import Iterator
from itertools import cycle, islice
from urllib.parse import quote

import pytest
from drf_spectacular.validation import validate_schema

from ipamweb.access.models import User
from ipamweb.api.views import schema
from ipamweb.exports import files
from ipamweb.exports.models import ExportJob
from ipamweb.usage import samples
from tests import cast, cast_people
from tests.api import described
from tests.api.conftest import Reader

ROLES = (
    "nobody", "viewer without a team", "viewer", "team admin", "auditor", "admin",
)  # fmt: skip


@pytest.fixture
def asked(db: None, stopped_clock: None) -> Iterator[None]:
    cast.insert()
    samples.take(now=cast.NOW)
    described.learn_formats()
    with described.kept_connection():
        yield


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_as_described(asked: None, role: str) -> None:
    user = described.roles()[role]

    found = [
        fault
        for operation in described.operations(described.described())
        for fault in described.faults(
            operation, user=user, examples=2, number=ROLES.index(role)
        )
    ]

    assert not found, "\n".join(found)


def faults_of_files(user: User | None) -> list[str]:
    """Return what is wrong with answers to many wishes for a file."""
    (operation,) = [
        each
        for each in described.operations(described.described())
        if each.label == described.MAKES_A_FILE
    ]
    return list(described.faults(operation, user=user, examples=25))


def test_who_wishes_for_many_files_is_told_to_wait(asked: None) -> None:
    assert not faults_of_files(described.roles()["viewer"])

    assert ExportJob.objects.count() == files.MOST_WAITING


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_every_file_that_is_begun_can_be_made(
    asked: None, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setattr(files, "MOST_WAITING", 1000)
    assert not faults_of_files(described.roles()[role])

    made = files.make_waiting()

    assert made > 10
    assert set(ExportJob.objects.values_list("state", flat=True)) == {"finished"}


# What people try who look for a way past filters, and for what breaks them.
HOSTILE = (
    "\0", "a\0b", "\ud800", "%ED%A0%80", "9" * 400, "-1", "1e999", "NaN", "０", "١",
    "fe80::1%eth0", "::ffff:10.0.0.1", "10.0.0.0/-1", "10.0.0.0/33", "0x0a000001",
    "2026-11-22T25:00:00Z", "0000-00-00T00:00:00Z", "99999-01-01T00:00:00Z",
    "' OR 1=1 --", "{{7*7}}", "../../etc/passwd", "%", "\u202e\ufeff", "a" * 601,
    "[]", "null", "true,false", "-", ",", "=1+1",
)  # fmt: skip
LOOKUPS = (
    "namespace__name", "pod__namespace_uid", "cluster__connection", "user__password",
    "name__contains", "id__in", "pk", "node__blocks__first__gt", "q__regex", "limit[]",
)  # fmt: skip


def queries(operation: described.APIOperation) -> list[str]:
    return [each["name"] for each in operation.definition.raw["parameters"]
            if each["in"] == "query"]  # fmt: skip


def path_of(operation: described.APIOperation) -> str:
    """Return its path, with the examples of the document in it."""
    path: str = operation.path
    for each in operation.definition.raw["parameters"]:
        if each["in"] == "path":
            (example,) = each["examples"].values()
            path = path.replace(f"{{{each['name']}}}", str(example["value"]))
    return path


def status(reader: Reader, path: str, query: dict[str, bytes] | None = None) -> int:
    """Return how a question is answered, once all of it has been read."""
    answer = reader.client.get(path, query)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return int(answer.status_code)


@pytest.fixture
def operations(reader: Reader) -> list[described.APIOperation]:
    """The questions of the document: what only reads."""
    found = described.operations(described.described())
    return [each for each in found if each.method == "get"]


def test_every_example_of_the_document_is_answered(
    reader: Reader, operations: list[described.APIOperation]
) -> None:
    ada = User.objects.get(username="ada")
    cast_people.insert_view(ada)
    cast_people.insert_token(ada)
    cast_people.insert_export(ada)
    asked = {
        path_of(each): "?q=ns:shop" if "/mask/" in each.path else ""
        for each in operations
    }

    found = {path: status(reader, path + query) for path, query in asked.items()}

    assert len(asked) == len(operations)
    assert found == dict.fromkeys(asked, 200)


def test_hostile_values_are_answered_like_others(
    reader: Reader, operations: list[described.APIOperation]
) -> None:
    """Each parameter of each path gets some of them: all values come up often."""
    turns = cycle(HOSTILE)
    found = {
        (path_of(operation), name, value): status(
            reader,
            path_of(operation),
            {name: value.encode("utf-8", "surrogatepass")},
        )
        for operation in operations
        for name in queries(operation)
        for value in islice(turns, 2)
    }

    assert len(found) > 200
    assert set(found.values()) <= {200, 400, 404}


def test_hostile_names_in_a_path_are_not_there(
    reader: Reader, operations: list[described.APIOperation]
) -> None:
    turns = cycle(HOSTILE)
    found = {}
    for operation in operations:
        for name in re.findall(r"{\w+}", operation.path):
            for value in islice(turns, 3):
                text = quote(value.encode("utf-8", "surrogatepass"), safe="")
                path = path_of(operation).replace("prod-eu", text)
                if name != "{cluster}":
                    path = re.sub(r"{\w+}", text, operation.path.replace(
                        "{cluster}", "prod-eu"
                    ))  # fmt: skip
                found[path] = reader.client.get(path).status_code

    # One of them is an address, though nobody writes it so.
    found = {path: each for path, each in found.items() if "%3A%3Affff" not in path}
    assert len(found) > 100
    assert set(found.values()) <= {400, 404}


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_way_round_the_filters_is_an_unknown_parameter(
    reader: Reader, operations: list[described.APIOperation], name: str
) -> None:
    for operation in operations[:: 1 + len(name) % 4]:
        answer = reader.client.get(path_of(operation), {name: "x"})

        assert answer.status_code == 400, path_of(operation)
        accepted = answer.json()["error"]["details"]["accepted"]
        assert accepted == sorted(queries(operation))


def test_a_method_that_is_not_described_is_405_and_names_those_that_are(
    reader: Reader, operations: list[described.APIOperation]
) -> None:
    paths = schema.document()["paths"]
    by_path = {
        path_of(each): {name.upper() for name in paths[each.path]}
        for each in operations
    }
    for path, methods in by_path.items():
        for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods:
            answer = reader.client.generic(method, path)
            allowed = set(answer.headers.get("Allow", "").split(", "))

            assert answer.status_code == 405, (method, path)
            assert methods <= allowed, (method, path)
            assert method not in allowed, (method, path)


def test_the_document_keeps_to_openapi_3_1() -> None:
    validate_schema(schema.document())
