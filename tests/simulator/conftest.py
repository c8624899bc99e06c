"""Simulators for their tests: an empty one, one with six pods, one behind TLS."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipamweb.simulator.server import Simulator
from tests.simulator.asking import pod


@pytest.fixture
def empty() -> Iterator[Simulator]:
    with Simulator().running() as simulator:
        yield simulator


@pytest.fixture
def six_pods(empty: Simulator) -> Simulator:
    """default/a, b, c and shop/d, e, f; versions 1002 to 1007."""
    for name in "abc":
        empty.store.add("pods", pod(name))
    for name in "def":
        empty.store.add("pods", pod(name, namespace="shop"))
    return empty


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, its key beside it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path / "tls.crt"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=simulator",
            "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(tmp_path / "tls.key"), "-out", str(path),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Simulator]:
    key = certificate.with_suffix(".key")
    with Simulator(certificate=certificate, key=key).running() as simulator:
        yield simulator
