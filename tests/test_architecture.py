"""The table of ARCHITECTURE.md as code: who may import whom, and whose packages.

pyproject.toml says the same to import-linter, which also follows chains; this says what
a list of forbidden modules cannot: that nothing else is imported.
"""

import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import ipamweb.mirror.queries
from tests.source import ROOT, functions, imports, python_files, relative

# What pages and REST read by: never the tables.
READS = {
    "addressing", "cidrmap", "mirror.queries", "mirror.scope", "mirror.holders",
    "usage.queries", "findings.queries", "findings.acts", "findings.candidates",
    "findings.filters", "findings.about", "access", "tables",
    "events.rows", "events.webhooks", "events.kinds",
}  # fmt: skip
# part: (what of ours it may import besides itself, what of PyPI)
PARTS: dict[str, tuple[set[str], set[str]]] = {
    "addressing": (set(), {"netaddr"}),
    "cluster": ({"addressing"}, {"kubernetes", "urllib3", "msgspec", "yaml"}),
    "cidrmap": ({"addressing"}, set()),
    "mirror": ({"addressing", "cidrmap"}, {"django"}),
    "usage": ({"addressing", "mirror"}, {"django", "celery"}),
    "findings": (
        {"addressing", "mirror", "access.audit", "access.visibility", "access.models"},
        {"django", "celery"},
    ),
    "sync": (
        {"addressing", "cluster", "mirror", "access.models", "access.credentials"},
        {"django", "celery"},
    ),
    "events": (
        {
            "mirror.queries",
            "mirror.scope",
            "findings.queries",
            "access",
        },
        {"django", "celery", "urllib3"},
    ),
    # Not the questions; how a list is paged it may know.
    "access": (
        {"mirror.models", "mirror.scope", "mirror.queries.paging"},
        {"django", "allauth", "celery", "cryptography", "jwt", "yaml"},
    ),
    "exports": (
        {
            "addressing",
            "mirror.queries",
            "mirror.scope",
            "usage.queries",
            "findings.queries",
            "findings.filters",
            "findings.about",
            "access",
        },
        {"django", "celery", "msgspec"},
    ),
    "tables": (
        {
            "addressing",
            "mirror.queries",
            "findings.filters",
            "findings.candidates",
        },
        {"django"},
    ),
    "web": (READS | {"exports"}, {"django"}),
    "api": (
        READS | {"exports"},
        {"django", "rest_framework", "drf_spectacular", "django_filters", "msgspec"},
    ),
    "simulator": ({"addressing"}, {"msgspec"}),
    "commands": (
        {
            "addressing",
            "cluster",
            "mirror",
            "sync",
            "access",
            "simulator",
            "schedule",
            "usage",
            "findings",
            "exports",
            "events",
            # How the filters of an export are read.
            "api.errors",
            "api.wishes",
        },
        {"django"},
    ),
}
# The roots, for whoever asks: how a log line looks, and start-up.
FOR_EVERYBODY = {"logs"}
AT_START = {
    ("sync/apps.py", "celery"),
    ("commands/apps.py", "checks"),
}
# Asks nothing of the database by itself: pieces that questions are made of.
PIECES = {
    "allocation_filters.as_range",
    "allocation_filters.in_namespace",
    "allocation_filters.inside",
    "allocation_rows.open_row",
    "allocation_rows.open_rows",
    "allocation_rows.past_row",
    "allocation_rows.past_rows",
    "allocation_rows.state_of",
    "blocks.matching",
    "blocks.row_with",
    "clusters.chosen",
    "clusters.stale_after",
    "map_cells.byte_of_nobody",
    "map_cells.inside",
    "map_cells.is_wide",
    "map_filter.matching",
    "map_ground.overlapping",
    "map_ground.unit",
    "namespaces.row",
    "numbers.family_numbers",
    "numbers.in_order_of_kinds",
    "numbers.sum_by_family",
    "paging.read_merged",
    "paging.read_page",
    "paging.snapshot_of",
    "past_allocations.as_of",
    "past_allocations.ended_row",
    "past_allocations.known_at",
    "past_allocations.once",
    "past_blocks.blocks_at",
    "past_cells.columns",
    "past_clusters.is_known",
    "past_counts.held",
    "past_ground.without_numbers",
    "past_places.by_block",
    "past_places.of_blocks",
    "past_places.strays",
    "past_places.with_nodes",
    "past_counts.slots_of",
    "past_filters.certain_ended",
    "past_filters.certain_open",
    "past_filters.closed_since",
    "past_filters.ended_in",
    "past_filters.instant",
    "past_filters.open_in",
    "past_filters.window_of",
    "past_filters.so_at",
    "past_namespaces.namespaces_at",
    "past_pools.pools_at",
    "past_pools.ranges_at",
    "pods.filtered",
    "sequences.begun_for",
    "snapshots.taken",
    "pods.parse_addresses",
    "pools.matching",
    "pools.row_with",
    "snapshots.as_then",
    "visibility.in_scope",
    "visibility.only_shown",
    "visibility.only_shown_anywhere",
    "visibility.shown_words",
    "visibility.shows_owner",
    "slots.spread_of",
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_imports_what_the_table_allows_and_nothing_else(part):
    ours, theirs = PARTS[part]
    wrong = []
    for file in python_files(f"ipamweb/{part}"):
        for name in imports(file):
            if not _is_allowed(name, part, ours, theirs):
                wrong.append(f"{relative(file)} imports {name}")

    assert [line for line in wrong if not _is_at_start(line)] == []


def _is_allowed(name: str, part: str, ours: set[str], theirs: set[str]) -> bool:
    top, _, rest = name.partition(".")
    if top != "ipamweb":
        return top in sys.stdlib_module_names or top in theirs
    allowed = {part, *ours, *FOR_EVERYBODY}
    return any(_is_in(rest, other) or _is_in(other, rest) for other in allowed)


def _is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _is_at_start(line: str) -> bool:
    return any(
        line.startswith(f"ipamweb/{file} imports ipamweb.{name}")
        for file, name in AT_START
    )


def test_every_part_stands_in_the_table():
    folders = {
        path.name
        for path in (ROOT / "ipamweb").iterdir()
        if path.is_dir() and list(path.glob("*.py"))
    }

    assert folders == set(PARTS)


def test_celery_is_known_where_tasks_are_and_nowhere_else():
    files = {
        relative(file)
        for file in python_files("ipamweb")
        if any(_is_in(name, "celery") for name in imports(file))
    }

    assert files == {
        "ipamweb/celery.py",
        "ipamweb/sync/tasks.py",
        "ipamweb/access/tasks.py",
        "ipamweb/usage/tasks.py",
        "ipamweb/findings/tasks.py",
        "ipamweb/events/tasks.py",
        "ipamweb/exports/tasks.py",
    }


def test_every_question_takes_a_scope():
    without = set()
    modules = pkgutil.iter_modules(ipamweb.mirror.queries.__path__)
    names = [f"ipamweb.mirror.queries.{module.name}" for module in modules]
    ours = ["usage.queries", "findings.queries", "findings.about"]
    for module in [*names, *(f"ipamweb.{each}" for each in ours)]:
        loaded = importlib.import_module(module)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ != loaded.__name__ or name.startswith("_"):
                continue
            scope = inspect.signature(function).parameters.get("scope")
            if not _is_required_keyword(scope):
                without.add(f"{module.removeprefix('ipamweb.mirror.queries.')}.{name}")

    assert without - PIECES == set()


def _is_required_keyword(parameter: inspect.Parameter | None) -> bool:
    return (
        parameter is not None
        and parameter.kind is parameter.KEYWORD_ONLY
        and parameter.default is parameter.empty
    )


def test_a_command_is_thin():
    folder = "ipamweb/commands/management/commands"
    long = {
        relative(file): len(file.read_text().splitlines())
        for file in python_files(folder)
        if len(file.read_text().splitlines()) > 40
    }

    assert long == {}


@pytest.mark.parametrize("part", ["sync", "usage", "findings", "events", "exports"])
def test_a_task_is_an_entry_point_and_no_more(part):
    tasks = list(functions(ROOT / f"ipamweb/{part}/tasks.py"))

    assert tasks
    assert all(task.end_lineno - task.lineno < 10 for task in tasks)


def test_the_pure_parts_load_neither_django_nor_kubernetes():
    """In a process of its own, where nothing else has loaded them."""
    program = (
        "import sys, ipamweb.addressing.capacity, ipamweb.addressing.records,"
        " ipamweb.cluster.readers.cilium_cluster_pool\n"
        "print(sorted({'django', 'kubernetes', 'urllib3'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout.strip() == "[]", done.stderr
