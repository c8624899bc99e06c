"""When the demo's usage is sampled."""

from datetime import timedelta

import pytest

from ipamweb.commands import demo


@pytest.mark.parametrize(
    ("left", "pause"),
    [
        (timedelta(days=14), timedelta(hours=6)),
        (timedelta(hours=26), timedelta(hours=1)),
        (timedelta(hours=3), timedelta(minutes=15)),
        (timedelta(minutes=4), timedelta(minutes=4)),
        (timedelta(0), timedelta(0)),
    ],
    ids=str,
)
def test_the_nearer_the_end_the_more_samples_are_taken_the_last_at_the_end(left, pause):
    assert demo._sample_pause(left) == pause
