"""What a server has loaded when it starts is not looked through for garbage again.

Python's collector otherwise goes through all of Django each time a long list has made
enough rows: a sixth of the time of an export.
"""

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load all pages, which the first request would, and leave them to no collector."""
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
