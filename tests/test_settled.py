"""What a server has loaded at its start is loaded, and left to no collector."""

import gc
from collections.abc import Iterator

import pytest
from django.urls import clear_url_caches, get_resolver

from ipamweb.settled import settle


@pytest.fixture
def not_yet_loaded() -> Iterator[None]:
    clear_url_caches()
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("not_yet_loaded")
def test_pages_are_loaded_at_the_start_and_no_collector_goes_through_them() -> None:
    settle()

    assert "url_patterns" in vars(get_resolver())
    assert gc.get_freeze_count() > 100_000
