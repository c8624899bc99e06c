"""The application with seeded faults, for a real server: the text that is asked for
names the fault. Not a test: tests/exports/test_served.py starts it.
"""

import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipamweb.settings")
# The application first: it is what loads the settings.
application = import_module("ipamweb.wsgi").application
sources = import_module("ipamweb.exports.sources")
import_module("ipamweb.api.views.exports").SECONDS_WITHOUT_A_BYTE = 1
batches = sources.batches


def faulty(wish: Any, **question: Any) -> Iterator[Any]:
    fault = wish.asked.get("q", "")
    if fault not in ("break", "endless"):
        yield from batches(wish, **question)
        return
    (rows,) = batches(type(wish)(wish.what, wish.format), **question)
    yield rows
    if fault == "break":
        raise OSError("the database went away")
    while True:
        yield rows


sources.batches = faulty
