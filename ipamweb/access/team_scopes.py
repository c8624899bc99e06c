"""What each team owns, for sums by team: of all teams at once.

Not here: what one user may see, which visibility says; a test holds the two together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from ipamweb.access import team_rows, visibility
from ipamweb.access.models import Ownership, User
from ipamweb.mirror.models import Namespace
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.scope import Scope

# More teams than a company has: a sum over only some of them would mislead.
MOST_TEAMS = 10_000


def of_teams(user: User, *, only: str = "") -> Mapping[str, Scope]:
    """Return what each team that a user may see owns, by its name; `only` one of them.

    Three queries, however many teams there are. Empty where they may see none.
    """
    if only:
        team = team_rows.found(only, user=user)
        return {team.slug: visibility.scope_of_team(team.pk)} if team else {}
    found = team_rows.listed(user, window=Window(limit=MOST_TEAMS)).rows
    scopes = _scopes([team.id for team in found])
    return {team.slug: scopes[team.id] for team in found}


def _scopes(team_ids: Collection[int]) -> dict[int, Scope]:
    """Return what each of some teams owns. Two queries."""
    rules = _Rules(Ownership.objects.filter(team_id__in=team_ids))
    owned: dict[int, set[tuple[int, str]]] = {pk: set() for pk in team_ids}
    for namespace in Namespace.objects.select_related("cluster"):
        for rule in rules.that_mean(namespace):
            owned[rule.team_id].add((namespace.cluster_id, namespace.uid))
    return {pk: Scope(namespaces=frozenset(found)) for pk, found in owned.items()}


class _Rules:
    """Rules by the name they mean, and those that mean labels."""

    def __init__(self, rules: Collection[Ownership]) -> None:
        self.by_name: dict[str, list[Ownership]] = defaultdict(list)
        for rule in rules:
            self.by_name[rule.namespace].append(rule)
        self.by_labels = [rule for rule in self.by_name.pop("", []) if rule.labels]

    def that_mean(self, namespace: Namespace) -> Iterator[Ownership]:
        """Yield the rules that visibility would let mean a namespace."""
        carried = namespace.labels.items()
        of_labels = [r for r in self.by_labels if r.labels.items() <= carried]
        for rule in (*self.by_name.get(namespace.name, ()), *of_labels):
            is_since = namespace.gone_at is None or rule.since < namespace.gone_at
            if is_since and rule.cluster in ("", namespace.cluster.slug):
                yield rule
