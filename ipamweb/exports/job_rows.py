"""What REST shows of an export itself; serializers.py of the API describes it."""

from typing import Any

from ipamweb.exports.queries import JobRow

Json = dict[str, Any]


def job(row: JobRow, _: object = None) -> Json:
    return {
        "id": row.id,
        "what": row.what,
        "format": row.format,
        "raw": row.raw,
        "state": row.state,
        "in_background": row.in_background,
        "made_by": row.made_by,
        "filters": row.about["filters"],
        "as_of_exported": row.about["as_of"],
        "clusters": row.about["clusters"],
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "rows": row.rows,
        "rows_expected": row.rows_expected,
        "bytes": row.size,
        "sha256": row.sha256,
        "why": row.why,
        "file": f"/api/v1/exports/{row.id}/file" if row.is_kept else None,
    }
