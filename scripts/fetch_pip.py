"""Install pip from the package index into a virtual environment that came without it.

For a Debian without python3-venv and without root to install it. One version, by hash.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

WHEEL = "pip-25.3-py3-none-any.whl"
SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"
TIMEOUT_SECONDS = 60


def main() -> None:
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    page = _get(f"{index}/pip/").decode("utf-8")
    found = re.search(rf'href="([^"]*{re.escape(WHEEL)})[^"]*"', page)
    if found is None:
        sys.exit(f"error: {index} has no {WHEEL}; install python3-venv instead")
    wheel = _get(urljoin(f"{index}/pip/", found[1]))
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        sys.exit(f"error: {WHEEL} of {index} is not the file it should be")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / WHEEL
        file.write_bytes(wheel)
        install = ["install", "--quiet", "--no-index", "--no-deps", str(file)]
        subprocess.run([sys.executable, f"{file}/pip", *install], check=True)


def _get(url: str) -> bytes:
    try:
        with urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
            body: bytes = answer.read()
            return body
    except OSError as problem:
        sys.exit(f"error: {url} does not answer ({problem}); install python3-venv")


if __name__ == "__main__":
    main()
