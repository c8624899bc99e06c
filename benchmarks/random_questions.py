"""Questions at random, by the OpenAPI document, in every role: none of them brings an
answer that is not described. The tests ask a few; this asks as many as is wanted.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run

# Of each path, in each role: as many that are allowed, as many that are not.
EXAMPLES = 20


def measure(ground: Ground) -> list[Figure]:
    said = run(
        "questions_asked",
        database=ground.databases.empty("questions"),
        examples=EXAMPLES,
    )
    name = ground.database
    return [
        Figure("random questions", name, said["questions"], ""),
        Figure("random questions, faults", name, said["faults"], "", limit=0),
    ]
