"""What REST shows of teams; team_serializers.py describes it."""

from ipamweb.access.team_rows import MemberRow, RuleRow, TeamRow
from ipamweb.exports.rows import Json
from ipamweb.mirror.queries.clusters import ClusterRow


def team(row: TeamRow, _: ClusterRow | None) -> Json:
    return {
        "slug": row.slug,
        "name": row.name,
        "group": row.group,
        "member_count": row.members,
        "rule_count": row.rules,
        "created_at": row.created_at,
    }


def team_detail(
    row: TeamRow, *, members: tuple[MemberRow, ...], rules: tuple[RuleRow, ...]
) -> Json:
    return {
        **team(row, None),
        "members": [
            {
                "username": each.username,
                "role": each.role,
                "active": each.is_active,
                "from_group": each.from_group,
            }
            for each in members
        ],
        "rules": [
            {
                "id": each.id,
                "cluster": each.cluster,
                "namespace": each.namespace,
                "labels": dict(each.labels),
                "since": each.since,
            }
            for each in rules
        ],
    }
