"""What runs by the clock."""

from importlib import import_module

import pytest

from ipamweb.schedule import JOBS, QUEUES, Job, beat_entries


def test_polls_follow_the_interval_that_is_set():
    assert beat_entries(poll_seconds=7)["poll"] == {
        "task": "ipamweb.sync.tasks.poll_due",
        "schedule": 7.0,
        "options": {"expires": 7.0, "queue": "sync-control"},
    }


def test_jobs_have_names_of_their_own():
    assert len(beat_entries(poll_seconds=7)) == len(JOBS)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_job_names_a_task_that_is_there_and_a_queue_that_is_served(job: Job):
    module, _, name = job.task.rpartition(".")

    assert callable(getattr(import_module(module), name))
    assert job.queue in QUEUES
