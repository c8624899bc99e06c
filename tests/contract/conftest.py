"""The servers and sessions of the cluster tests, for replaying recordings."""

from tests.cluster.conftest import clock, connect, serve, session_with, stack

__all__ = ["clock", "connect", "serve", "session_with", "stack"]
