"""What docs/api.md shows is what is answered: each command is run against the cast."""

import io
import json
import re
import shlex
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

import pytest
from django.test import Client

from ipamweb.access import tokens
from tests import cast
from tests.source import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text()
SITE = "http://testserver"
COMMANDS = [
    (command, shown)
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    for command, shown in re.findall(
        r"^\$ ((?:curl|unzip) .*)\n((?:(?!\$ ).*\n)*)", block, re.M
    )
]


class Curl:
    """curl, and what opens an archive it saved, as far as the page uses them."""

    def __init__(self, token: str, folder: Path) -> None:
        self.words = {"TOKEN": token, "SITE": SITE}
        self.folder = folder

    def __call__(self, command: str) -> str:
        for name, value in self.words.items():
            command = command.replace(f"${name}", value)
        program, *words = shlex.split(command)
        if program == "unzip":
            _, archive, name = words
            return zipfile.ZipFile(self.folder / archive).read(name).decode()
        options, url = self._options(words)
        headers = dict(
            line.split(": ", 1) for name, line in options if name == "header"
        )
        files = {name: self.folder / value for name, value in options}
        if known := files.get("etag-compare"):
            headers["If-None-Match"] = known.read_text()
        answer = Client().get(url.removeprefix(SITE), headers=headers)
        if tag := files.get("etag-save"):
            tag.write_text(answer["ETag"])
        if ("include", "") in options:
            status = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"
            lines = [f"{name}: {value}" for name, value in answer.items()]
            return "\n".join([status, *lines])
        if "output" in files:
            files["output"].write_bytes(answer.getvalue())
            return ""
        return answer.getvalue().decode()

    def _options(self, words: list[str]) -> tuple[list[tuple[str, str]], str]:
        found, url, rest = [], "", iter(words)
        for word in rest:
            if word in ("-sH", "-H"):
                found.append(("header", next(rest)))
            elif word == "-o":
                found.append(("output", next(rest)))
            elif word in ("--etag-save", "--etag-compare"):
                found.append((word.removeprefix("--"), next(rest)))
            elif word == "-si":
                found.append(("include", ""))
            elif word.startswith("-"):
                assert word == "-s", f"curl {word} is not known here"
            else:
                url = word
        return found, url


@pytest.fixture
def curl(db: None, stopped_clock: None, tmp_path: Path) -> Curl:
    cast.insert()
    return Curl(tokens.create(cast.user(), now=cast.NOW), tmp_path)


def parts(shown: Any, answered: Any, where: str = "") -> Iterator[str]:
    """Yield where an answer differs from what is shown of it."""
    if isinstance(shown, dict) and isinstance(answered, dict):
        for name, value in shown.items():
            if name not in answered:
                yield f"{where}.{name} is not answered"
            else:
                yield from parts(value, answered[name], f"{where}.{name}")
    elif isinstance(shown, list) and isinstance(answered, list):
        if len(shown) != len(answered):
            yield f"{where} has {len(answered)} rows"
        for number, pair in enumerate(zip(shown, answered, strict=False)):
            yield from parts(*pair, f"{where}[{number}]")
    elif shown != answered:
        yield f"{where} is {answered!r}"


def test_every_command_answers_what_is_shown(curl: Curl) -> None:
    for command, shown in COMMANDS:
        answered = curl(command)

        is_object = shown.startswith("{\n")
        if is_object:
            assert list(parts(json.loads(shown), json.loads(answered))) == [], command
        for line in [] if is_object else shown.splitlines():
            pattern = re.escape(line).replace("…", ".*")
            assert re.search(f"^{pattern}\r?$", answered, re.M), (command, line)
    assert len(COMMANDS) >= 15


def test_the_program_that_pages_prints_what_is_shown(
    curl: Curl, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((program, shown),) = re.findall(
        r"```python\n(.*?)```\n\n```\n(.*?)```", TEXT, re.S
    )
    asked = []

    def urlopen(request: Request) -> io.BytesIO:
        parts = urlsplit(request.full_url)
        asked.append(parts.query)
        answer = Client().get(
            f"{parts.path}?{parts.query}", headers=dict(request.header_items())
        )
        return io.BytesIO(answer.content)

    for name, value in curl.words.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(program, "docs/api.md", "exec"), {})

    assert printed.getvalue() == shown
    assert len(asked) == 3
