"""What users rely on exists, and what they read is true."""

import ast
import re

import pytest
from django.core.management import get_commands
from django.urls import get_resolver, resolve

from ipamweb.cluster.readers import READERS
from tests.published import ANSWERS, COMMANDS, DOORS, PAGES, REST, SCRAPED
from tests.source import ROOT, tree

README = ROOT / "README.md"
SETTINGS = ROOT / "ipamweb" / "settings.py"
# Read by others than settings.py, and promised all the same.
FURTHER_SETTINGS = {
    "DJANGO_SUPERUSER_USERNAME",
    "DJANGO_SUPERUSER_PASSWORD",
    "DJANGO_SUPERUSER_EMAIL",
}


def settings_read() -> set[str]:
    """Return the variables that settings.py reads, from its syntax tree."""
    calls = (node for node in ast.walk(tree(SETTINGS)) if isinstance(node, ast.Call))
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id.startswith("env_")
    }


def settings_explained() -> set[str]:
    """Return the variables in the first column of the README's tables."""
    return set(re.findall(r"^\| `([A-Z_]+)`", README.read_text(), re.MULTILINE))


def test_every_setting_stands_in_the_readme_and_no_other():
    assert settings_read() | FURTHER_SETTINGS == settings_explained()


def test_every_command_that_is_promised_exists():
    ours = {name for name, app in get_commands().items() if app == "ipamweb.commands"}

    assert set(COMMANDS) <= ours


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_documentation(command):
    text = "".join(file.read_text() for file in [README, *(ROOT / "docs").glob("*.md")])

    assert f"`{command}" in text or f"manage.py {command}" in text


@pytest.mark.parametrize(
    "path",
    [
        *PAGES.values(),
        *ANSWERS.values(),
        *DOORS.values(),
        *SCRAPED.values(),
        *REST,
    ],
)
def test_every_page_and_rest_path_that_is_promised_exists(path):
    assert resolve(path.partition("?")[0])


def test_every_page_is_promised():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert names == {*PAGES, *ANSWERS, *DOORS, *SCRAPED}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES.values(), *ANSWERS.values(), *REST])
def test_every_page_and_rest_path_answers(signed_in, path):
    assert signed_in.get(path).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES.values())
def test_a_page_leads_to_sign_in_whoever_has_not(client, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in REST if path != "/api/v1/docs"])
def test_rest_says_401_to_whoever_has_not_signed_in(client, path):
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_has_recordings_a_test_and_a_row(reader):
    recordings = [
        folder
        for folder in (ROOT / "tests" / "recordings").rglob("*")
        if folder.is_dir() and folder.name.replace("-", "_") == reader
    ]

    assert recordings
    assert (ROOT / "tests" / "cluster" / "readers" / f"test_{reader}.py").is_file()
    assert f"`{reader}`" in (ROOT / "docs" / "systems.md").read_text()


def test_every_link_between_the_documents_leads_somewhere():
    documents = [README, ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    documents += [ROOT / "ipamweb" / "ARCHITECTURE.md"]
    broken = {
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    }

    assert broken == set()


def test_every_file_that_the_architecture_names_exists():
    text = (ROOT / "ipamweb" / "ARCHITECTURE.md").read_text()
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.(?:py|json|css|toml))`", text))

    assert named
    assert {
        name
        for name in named
        if not (ROOT / "ipamweb" / name).exists() and not (ROOT / name).exists()
    } == set()


def test_every_dependency_has_its_reason():
    files = ROOT.glob("requirements*.txt")
    wanted = {
        line.partition("==")[0].partition("[")[0]
        for file in files
        for line in file.read_text().splitlines()
        if "==" in line
    }
    text = (ROOT / "docs" / "dependencies.md").read_text()

    assert wanted == set(re.findall(r"^\| `([\w.-]+)`", text, re.MULTILINE))
