"""What the benchmarks share: clusters that are served, databases that mirror them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.processes import run
from benchmarks.served import Served, serve

SMALL_NODES = 50
PAST_ROWS = 10_000_000


@dataclass(slots=True)
class Clusters:
    """The large cluster and the small one, each started when it is first needed."""

    nodes: int
    folder: Path
    stack: ExitStack
    _served: dict[int, Served] = field(default_factory=dict)

    @property
    def large(self) -> Served:
        return self._of(self.nodes)

    @property
    def small(self) -> Served:
        return self._of(SMALL_NODES)

    def _of(self, nodes: int) -> Served:
        if nodes not in self._served:
            self._served[nodes] = self.stack.enter_context(
                serve(nodes, folder=self.folder)
            )
        return self._served[nodes]


@dataclass(slots=True)
class Ground:
    """One kind of database, the clusters, and how often a figure is taken."""

    databases: Databases
    clusters: Clusters
    repeats: int
    past_rows: int = PAST_ROWS
    _mirrors: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return self.databases.name

    def mirror_of(self, served: Served) -> str:
        """Return a database that mirrors the cluster; poll where there is none yet."""
        name = _mirror_name(served)
        if name not in self._mirrors:
            url = self.databases.empty(name)
            run("complete_poll", database=url, kubeconfig=served.kubeconfig)
            self._mirrors[name] = url
        return self._mirrors[name]

    def new_mirror_of(self, served: Served) -> str:
        """Return an empty database that will be taken for the mirror of the cluster."""
        name = _mirror_name(served)
        self._mirrors[name] = self.databases.empty(name)
        return self._mirrors[name]


@contextmanager
def clusters(nodes: int, *, folder: Path) -> Iterator[Clusters]:
    with ExitStack() as stack:
        yield Clusters(nodes, folder, stack)


def _mirror_name(served: Served) -> str:
    return f"mirror_{served.nodes}"
