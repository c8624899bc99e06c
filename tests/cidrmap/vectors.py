"""The vectors that Python and JavaScript are both held to, as pytest parameters."""

import json
from pathlib import Path
from typing import Any

import pytest

from ipamweb import cidrmap
from ipamweb.addressing.ranges import parse_cidr
from ipamweb.cidrmap.plane import Plane

VECTORS = json.loads((Path(cidrmap.__file__).parent / "vectors.json").read_text())


def each(name: str) -> Any:
    """Return a parametrisation over one list of the vectors."""
    vectors = VECTORS[name]
    return pytest.mark.parametrize("vector", vectors, ids=[str(v) for v in vectors])


def plane_of(vector: dict[str, Any]) -> Plane:
    return Plane(parse_cidr(vector["base"]), vector["leaf"])
