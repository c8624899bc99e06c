"""Who may be told what.

How full things are is for everybody, a finding for whom the findings page shows it.
Asked when an event is made, and again before each attempt to send it.
"""

from collections.abc import Iterable, Sequence

from ipamweb.access import visibility
from ipamweb.events.models import Event, Webhook
from ipamweb.findings import queries as findings


def shown_to_teams(
    webhooks: Iterable[Webhook], numbers: Iterable[int]
) -> dict[int, frozenset[int]]:
    """Return which of some findings each team of some webhooks may see.

    A query for each team, and one more for each 500 findings.
    """
    asked = tuple(numbers)
    teams = {each.team_id for each in webhooks if each.team_id is not None}
    return {team: _shown_of(asked, team) for team in teams}


def may_still_see(webhook: Webhook, event: Event) -> bool:
    """Say whether a webhook may be told of an event now. Two queries at most.

    Of a finding that is forgotten nobody can say: then it may not.
    """
    about = event.body["data"].get("finding")
    if webhook.team_id is None or about is None:
        return True
    return bool(_shown_of([about["id"]], webhook.team_id))


def _shown_of(numbers: Sequence[int], team: int) -> frozenset[int]:
    """Return which of some findings the members of a team may see."""
    query = findings.shown(scope=visibility.scope_of_team(team))
    found: set[int] = set()
    for start in range(0, len(numbers), 500):
        part = query.filter(pk__in=numbers[start : start + 500])
        found.update(part.values_list("pk", flat=True))
    return frozenset(found)
