"""What is written down of an export, in its row and in the audit log.

Both say *finished* only of a whole one, with its rows and SHA-256.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db import transaction
from django.utils import timezone

from ipamweb.access import audit
from ipamweb.access.models import User
from ipamweb.exports import wishes
from ipamweb.exports.making import Clusters, Tally
from ipamweb.exports.models import BROKEN, FINISHED, RUNNING, WAITING, ExportJob
from ipamweb.exports.wishes import Wish

Json = dict[str, Any]
MOST_OF_A_NAME = 80


class Superseded(RuntimeError):
    """Another process has taken up what this one was making."""


def start(
    wish: Wish, *, by: User | None, clusters: Clusters, in_background: bool = False
) -> ExportJob:
    """Write that an export begins, before its first byte."""
    with transaction.atomic():
        job = ExportJob.objects.create(
            maker=by,
            what=wish.what,
            wish=wishes.kept(wish),
            clusters=as_of(clusters),
            state=WAITING if in_background else RUNNING,
            in_background=in_background,
            started_at=timezone.now(),
            rows_expected=expected(wish, clusters),
        )
        audit.record(
            "export.start",
            by=by,
            subject=subject(wish),
            after={
                "export": job.pk,
                "format": wish.format,
                "raw": wish.raw,
                "filters": wish.asked,
                "in_background": in_background,
                "clusters": job.clusters,
            },
        )
    return job


def finish(job: ExportJob, tally: Tally) -> Json:
    """Write that all of an export was made; return what its summary says."""
    wish = wishes.read(job.wish)
    with transaction.atomic():
        _end(job, tally, state=FINISHED, sha256=tally.digest.hexdigest())
        audit.record(
            "export.finish",
            by=job.maker,
            subject=subject(wish),
            after={
                "export": job.pk,
                "rows": job.rows,
                "bytes": job.size,
                "sha256": job.sha256,
            },
        )
    return {"export": job.pk, "rows": job.rows, "sha256": job.sha256, **about(job)}


def break_off(job: ExportJob, tally: Tally, *, why: str) -> None:
    """Write that an export did not become whole, unless it did."""
    if job.state == FINISHED:
        return
    with transaction.atomic():
        _end(job, tally, state=BROKEN, why=why)
        audit.record(
            "export.break",
            by=job.maker,
            subject=subject(wishes.read(job.wish)),
            after={"export": job.pk, "rows": job.rows, "bytes": job.size, "why": why},
        )


def _end(
    job: ExportJob, tally: Tally, *, state: str, sha256: str = "", why: str = ""
) -> None:
    """Write how an export ended. Raises Superseded where another process makes it."""
    columns = {
        "state": state,
        "sha256": sha256,
        "why": why[:500],
        "rows": tally.rows,
        "size": tally.size,
        "ended_at": timezone.now(),
    }
    mine = ExportJob.objects.filter(pk=job.pk, turn=job.turn)
    if not mine.update(**columns):
        raise Superseded
    for name, value in columns.items():
        setattr(job, name, value)


def subject(wish: Wish) -> str:
    return f"{wish.what} of {wish.cluster or 'all clusters'}"


def fetched(job: ExportJob, *, by: User) -> None:
    """Write that a file that was made in the background was handed out."""
    with transaction.atomic():
        audit.record(
            "export.fetch",
            by=by,
            subject=subject(wishes.read(job.wish)),
            after={"export": job.pk, "sha256": job.sha256},
        )


def as_of(clusters: Clusters) -> Json:
    """Return how old each cluster's part of an export is, by slug."""
    return {
        each.slug: {
            "as_of": text(each.freshness.as_of),
            "generation": each.freshness.generation,
            "stale": each.freshness.stale,
        }
        for each in clusters
    }


def about(job: ExportJob) -> Json:
    """Return what an export is about: as of when it is true, and its filters."""
    moments = [each["as_of"] for each in job.clusters.values()]
    return {
        "what": job.wish["what"],
        "filters": job.wish["asked"],
        "as_of": None if None in moments or not moments else min(moments, key=_read),
        "stale": any(each["stale"] for each in job.clusters.values()),
        "clusters": job.clusters,
    }


def manifest(job: ExportJob, tally: Tally, *, file: str) -> Json:
    """Return what stands beside the data of an archive: it is evidence."""
    return {
        "file": file,
        "rows": tally.rows,
        "bytes": tally.size,
        "sha256": tally.digest.hexdigest(),
        "export": job.pk,
        "made_by": job.maker.get_username() if job.maker else "",
        "made_at": text(job.started_at),
        **about(job),
    }


def expected(wish: Wish, clusters: Clusters) -> int | None:
    """Return how many rows there will be, where that is known without counting."""
    if wish.what != "allocations" or wish.asked.keys() - {"cluster", "raw", "fields"}:
        return None
    return sum(each.allocations for each in clusters)


def file_name(job: ExportJob) -> str:
    """Return the name of an export's file: what, of what, as of when, by which filter.

    allocations_prod-eu_2026-11-22T140000Z_g5_namespace=shop.csv
    """
    wish = wishes.read(job.wish)
    found = about(job)
    generations = [str(each["generation"]) for each in job.clusters.values()]
    parts = [
        wish.what,
        wish.cluster or "all",
        (found["as_of"] or "never").replace(":", ""),
        f"g{generations[0]}" if len(generations) == 1 else "",
        urlencode({k: v for k, v in wish.asked.items() if k != "cluster"}),
    ]
    name = "_".join(part for part in parts if part)
    plain = re.sub(r"[^A-Za-z0-9=&._-]", "-", name)[: MOST_OF_A_NAME + 40]
    return f"{plain}.{wish.format}"


def headers(job: ExportJob) -> dict[str, str]:
    """Return what an export is about as the headers of an answer."""
    found = about(job)
    said = {
        "Content-Disposition": f'attachment; filename="{file_name(job)}"',
        "Ipamweb-Export": str(job.pk),
        "Ipamweb-Filters": urlencode(job.wish["asked"]),
        "Ipamweb-Generation": ",".join(
            f"{slug}={each['generation']}" for slug, each in job.clusters.items()
        ),
        "Cache-Control": "private, no-store",
    }
    if found["as_of"]:
        said["Ipamweb-As-Of"] = found["as_of"]
    return said


def text(moment: datetime | None) -> str | None:
    return msgspec.json.encode(moment).decode()[1:-1] if moment else None


def _read(moment: str) -> datetime:
    return datetime.fromisoformat(moment)
