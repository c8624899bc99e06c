"""Third-party code is what vendor.lock.json says, with its licence and its version."""

import hashlib
import json

import pytest

from tests.source import ROOT

# What pages load, and what tests put into pages.
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "vendor"]

each_folder = pytest.mark.parametrize(
    ("folder", "lock"),
    [
        pytest.param(
            folder,
            json.loads((folder / "vendor.lock.json").read_text()),
            id=folder.parent.name,
        )
        for folder in FOLDERS
    ],
)


@each_folder
def test_each_vendored_file_is_the_one_that_was_locked(folder, lock):
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.glob("*.js")
    }

    assert found == {name: entry["sha256"] for name, entry in lock.items()}


@each_folder
def test_a_vendored_file_is_named_by_its_version_and_has_its_licences(folder, lock):
    for name, entry in lock.items():
        library, _, version = name.removesuffix(".js").rpartition("-")
        licence = (folder / name).with_suffix(".LICENSE").read_text()

        assert entry["packages"][library]["version"] == version
        assert all(f"{package}:\n" in licence for package in entry["packages"])
