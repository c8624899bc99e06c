"""The one list of what runs by the clock, for Celery's beat and the embedded scheduler.

Not here: the work itself (sync/tasks.py are the entry points), and when a failing
cluster is asked again (sync decides, and stores it).
"""

from dataclasses import dataclass
from typing import Any

# Separate workers may serve them; the first is where a task goes that names none.
# What is sent outward waits for others: it has workers of its own where that matters.
QUEUES = ("sync-control", "maintenance", "events", "export")


@dataclass(frozen=True, slots=True)
class Job:
    """A task by its dotted name. `every_seconds` 0 means: at each poll interval."""

    name: str
    task: str
    queue: str
    every_seconds: int = 0


JOBS = (
    Job("poll", "ipamweb.sync.tasks.poll_due", "sync-control"),
    # What REST asked of a cluster, which its page waits for.
    Job("carry_out", "ipamweb.sync.tasks.carry_out", "maintenance", 5),
    Job("prune", "ipamweb.sync.tasks.prune", "maintenance", 3600),
    # One sample a step of five minutes: asked more often, so that none is left out.
    Job("sample", "ipamweb.usage.tasks.take_samples", "maintenance", 60),
    Job("look", "ipamweb.findings.tasks.look", "maintenance", 60),
    Job("forget", "ipamweb.findings.tasks.forget", "maintenance", 3600),
    Job("notice", "ipamweb.events.tasks.notice", "maintenance", 30),
    Job("deliver", "ipamweb.events.tasks.deliver", "events", 10),
    Job("forget_events", "ipamweb.events.tasks.forget", "maintenance", 3600),
    Job("export", "ipamweb.exports.tasks.make_files", "export", 5),
    Job("forget_exports", "ipamweb.exports.tasks.forget", "maintenance", 3600),
    Job("forget_sessions", "ipamweb.access.tasks.forget_sessions", "maintenance", 3600),
    Job("roll_up", "ipamweb.usage.tasks.roll_up", "maintenance", 3600),
)


def beat_entries(*, poll_seconds: int) -> dict[str, dict[str, Any]]:
    """Return the list as Celery's beat reads it.

    A message that waited a whole interval expires: a backlog collapses into one run.
    """
    entries: dict[str, dict[str, Any]] = {}
    for job in JOBS:
        seconds = job.every_seconds or poll_seconds
        entries[job.name] = {
            "task": job.task,
            "schedule": float(seconds),
            "options": {"expires": float(seconds), "queue": job.queue},
        }
    return entries
