"""Static files have names of their content, modules that import each other too."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

BACKEND = "ipamweb.static_files.ModuleStaticFilesStorage"


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    storages = {"staticfiles": {"BACKEND": BACKEND}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_a_module_imports_modules_by_names_of_their_content(collected):
    (main,) = (collected / "js" / "map").glob("main.*.js")

    imported = re.findall(r'^import .* from "(.+)";$', main.read_text(), re.MULTILINE)

    assert imported
    assert all((main.parent / name).is_file() for name in imported)
    assert [
        name for name in imported if not re.search(r"\.[0-9a-f]{12}\.js$", name)
    ] == []
