"""What each team owns, for sums by team.

Not here: what one user may see, which visibility says.
"""

from collections.abc import Mapping

from ipamweb.access import team_rows, visibility
from ipamweb.access.models import User
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.scope import Scope

# More teams than a company has: a sum over only some of them would mislead.
MOST_TEAMS = 10_000


def of_teams(user: User, *, only: str = "") -> Mapping[str, Scope]:
    """Return what each team that a user may see owns, by its name; `only` one of them.

    One query, and one for each team. Empty where they may see none.
    """
    if only:
        team = team_rows.found(only, user=user)
        return {team.slug: visibility.scope_of_team(team.pk)} if team else {}
    found = team_rows.listed(user, window=Window(limit=MOST_TEAMS)).rows
    return {team.slug: visibility.scope_of_team(team.id) for team in found}
