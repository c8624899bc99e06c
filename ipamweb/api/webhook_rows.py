"""What REST shows of webhooks; webhook_serializers.py describes it."""

from typing import Any

from ipamweb.events.rows import DeliveryRow, WebhookRow
from ipamweb.mirror.queries.clusters import ClusterRow

Json = dict[str, Any]


def webhook(row: WebhookRow, _: ClusterRow | None = None) -> Json:
    return {
        "id": row.id,
        "name": row.name,
        "team": row.team,
        "template": row.template,
        "destination": row.destination,
        "kinds": row.kinds,
        "state": row.state,
        "reason": row.reason,
        "waiting": row.waiting,
        "dead": row.dead,
        "delivered_at": row.delivered_at,
        "failing_since": row.failing_since,
        "both_sign_until": row.rotated_until,
        "created_at": row.created_at,
    }


def delivery(row: DeliveryRow, _: ClusterRow | None = None) -> Json:
    return {
        "id": row.id,
        "event": row.event,
        "kind": row.kind,
        "summary": row.summary,
        "at": row.moment,
        "state": row.state,
        "attempts": row.attempts,
        "status": row.status,
        "error": row.error,
        "tried_at": row.tried_at,
        "due_at": row.due_at,
        "delivered_at": row.delivered_at,
        "seconds": round(row.seconds, 3),
    }
