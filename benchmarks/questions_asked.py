"""Asks at random inside the process that is measured (tasks.py)."""

import sys
import time
from typing import Any

from ipamweb.usage import samples
from tests import cast
from tests.api import described


def questions_asked(examples: int) -> dict[str, Any]:
    """Ask all paths in all roles; return how often, and how many faults were found."""
    cast.insert()
    samples.take(now=cast.NOW)
    described.learn_formats()
    operations = described.operations(described.described())
    number = time.time_ns() // 1_000_000
    print(f"random questions, seed {number}", file=sys.stderr)
    faults, roles = 0, described.roles()
    with described.kept_connection():
        for user in roles.values():
            for operation in operations:
                for fault in described.faults(
                    operation, user=user, examples=examples, number=number
                ):
                    faults += 1
                    print(fault, file=sys.stderr)
    modes = len(described.MODES)
    return {
        "questions": len(operations) * len(roles) * modes * examples,
        "faults": faults,
    }
