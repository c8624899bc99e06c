"""Measure, print the table, and with --write keep it in RESULTS.md.

python -m benchmarks                          # everything promised, at full size
python -m benchmarks first_poll --nodes 500 --on sqlite
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    all_pages,
    changes,
    databases,
    exports,
    first_poll,
    map_budgets,
    metrics,
    page_budgets,
    pages,
    past,
    random_kills,
    random_questions,
    unchanged_poll,
    usage,
)
from benchmarks.figures import Figure, table_of
from benchmarks.ground import PAST_ROWS, Clusters, Ground, clusters
from tests.databases import NotInstalled

RESULTS = Path(__file__).parent / "RESULTS.md"
FULL_SIZE = 5_000

# In this order: what leaves a mirror behind comes before what changes the cluster.
BENCHMARKS: dict[str, Callable[[Ground], list[Figure]]] = {
    "first_poll": first_poll.measure,
    "unchanged_poll": unchanged_poll.measure,
    "pages": pages.measure,
    "all_pages": all_pages.measure,
    "usage": usage.measure,
    "metrics": metrics.measure,
    "map_budgets": map_budgets.measure,
    "page_budgets": page_budgets.measure,
    "changes": changes.measure,
    "past": past.measure,
    "exports": exports.measure,
    "random_kills": random_kills.measure,
    "random_questions": random_questions.measure,
}


def main() -> int:
    arguments = _arguments()
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="ipam-", dir="/tmp") as name,
        clusters(arguments.nodes, folder=Path(name)) as served,
    ):
        for kind in arguments.on:
            figures += _measured(kind, arguments, served)
    print(table_of(figures))
    if arguments.write:
        RESULTS.write_text(_kept(figures, arguments))
    return 1 if any(figure.is_over for figure in figures) else 0


def _measured(
    kind: str, arguments: argparse.Namespace, served: Clusters
) -> list[Figure]:
    try:
        with databases.ON[kind](served.folder) as found:
            ground = Ground(found, served, arguments.repeats, arguments.past_rows)
            return [
                figure
                for name, measure in BENCHMARKS.items()
                if name in arguments.names
                for figure in _said(name, measure(ground))
            ]
    except NotInstalled as problem:
        print(f"left out: {problem}", file=sys.stderr)
        return []


def _kept(figures: list[Figure], arguments: argparse.Namespace) -> str:
    """Return the page that keeps the figures, with what they were measured on."""
    cores, system = len(os.sched_getaffinity(0)), platform.system()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    python = platform.python_version()
    return (
        "# What was measured\n\n"
        f"`make bench` at {arguments.nodes:,} nodes, the least of {arguments.repeats}"
        f" runs; {datetime.now(UTC):%-d %B %Y}, {cores} cores, {memory} GiB of memory,"
        f" {system}, Python {python}.\nWhat each figure and its floor are stands in the"
        " module of its name, and in docs/performance.md.\n\n"
        f"{table_of(figures)}\n"
    )


def _said(name: str, figures: list[Figure]) -> list[Figure]:
    print(f"--- {name}\n{table_of(figures)}", file=sys.stderr, flush=True)
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--nodes", type=int, default=FULL_SIZE)
    parser.add_argument("--past-rows", type=int, default=PAST_ROWS)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"to {RESULTS.name}")
    parser.add_argument("--on", choices=list(databases.ON), action="append")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {list(BENCHMARKS)}")
    arguments.names = arguments.names or list(BENCHMARKS)
    arguments.on = arguments.on or list(databases.ON)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
