"""The worlds of tests/sync: real polls of a simulated cluster."""

from tests.sync.conftest import clock, empty_world, world

__all__ = ["clock", "empty_world", "world"]
