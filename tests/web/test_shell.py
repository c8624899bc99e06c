from dataclasses import replace

import pytest

from ipamweb.mirror.queries.clusters import ClusterRow, Freshness, HeldRelease
from ipamweb.web.shell import Strip, lamp_of, look_back, strips
from tests.cast_places import at

NOW = at("14:03:00")
FRESH = Freshness(
    generation=1, as_of=at("14:02:57"), first_as_of=at("12:00:00"),
    history_from=at("12:00:00"),
    last_poll_at=at("14:02:57"), stale=False, paused=False, gap_since=None,
    gap_reason="", last_error="", last_error_kind="", retry_at=None,
)  # fmt: skip
STALE = replace(FRESH, as_of=at("14:00:00"), stale=True)


def cluster(freshness, held_release=None):
    return ClusterRow(
        id=1, slug="prod-eu", name="prod-eu", identity="", server_version="",
        systems=(), mode="", families=(4,), namespaces=(), nodes=0, pods=0,
        allocations=0, pools=0, gaps=0, freshness=freshness, held_release=held_release,
    )  # fmt: skip


def words(freshness):
    return [strip.words for strip in strips(cluster(freshness), now=NOW)]


def test_fresh_numbers_need_no_strip():
    assert words(FRESH) == []


def test_stale_numbers_say_how_old_they_are():
    assert words(STALE) == [
        "prod-eu was last read 3 min ago; numbers are from 2026-11-22 14:00:00Z."
    ]


def test_an_error_is_told_with_the_next_attempt():
    failing = replace(
        STALE, last_error="prod-eu: could not list pods: 403", retry_at=at("14:03:20")
    )

    assert words(failing) == [
        "prod-eu was last read 3 min ago; numbers are from 2026-11-22 14:00:00Z. "
        "prod-eu: could not list pods: 403. The next attempt is in 20 s."
    ]


def test_an_open_gap_is_told():
    assert words(replace(STALE, gap_since=at("14:00:00"))) == [
        "prod-eu was last read 3 min ago; numbers are from 2026-11-22 14:00:00Z. "
        "The time since then is recorded as a gap: who came and went in it is "
        "not known."
    ]


def test_a_paused_cluster_says_so():
    assert words(replace(STALE, paused=True)) == [
        "Polling is paused. prod-eu was last read 3 min ago; numbers are from "
        "2026-11-22 14:00:00Z."
    ]


def test_a_cluster_never_read_shows_its_error_as_a_fault():
    never = replace(FRESH, as_of=None, first_as_of=None, last_error="prod-eu: refused")

    assert strips(cluster(never), now=NOW) == [
        Strip(
            "prod-eu was not read yet; there is nothing to show. prod-eu: refused.",
            is_fault=True,
        )
    ]


def test_a_held_release_shows_the_command_that_accepts_it():
    held = HeldRelease(at("14:02:00"), 412, 903)

    (strip,) = strips(cluster(FRESH, held), now=NOW)

    assert strip.words == (
        "A poll at 2026-11-22 14:02:00Z saw 412 of 903 addresses released at once. "
        "Nothing was released: so many at once are believed only when a person "
        "confirms it."
    )
    assert strip.command == "python manage.py accept_release prod-eu"


@pytest.mark.parametrize(
    ("freshness", "lamp"),
    [
        pytest.param(FRESH, ("fresh", "up to date"), id="fresh"),
        pytest.param(STALE, ("stale", "stale"), id="stale"),
        pytest.param(replace(STALE, paused=True), ("paused", "paused"), id="paused"),
        pytest.param(
            replace(STALE, as_of=None), ("never", "not read yet"), id="never read"
        ),
    ],
)
def test_the_lamp_has_words_beside_it(freshness, lamp):
    assert lamp_of(cluster(freshness)) == lamp


@pytest.mark.parametrize(
    ("freshness", "leads_to"),
    [
        pytest.param(FRESH, "/here?at=2026-11-22T13%3A02%3A57Z", id="an hour"),
        pytest.param(
            replace(FRESH, history_from=at("14:00:00")),
            "/here?at=2026-11-22T14%3A00%3A00Z",
            id="since the history begins",
        ),
        pytest.param(
            replace(FRESH, as_of=None, history_from=None), "", id="never read"
        ),
    ],
)
def test_one_looks_back_from_the_last_read(freshness, leads_to):
    assert look_back("/here", cluster(freshness)) == leads_to
