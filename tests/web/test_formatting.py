from datetime import UTC, datetime, timedelta, timezone

import pytest

from ipamweb.web import formatting

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1\u202f000"), (152318, "152\u202f318")],
)
def test_thousands_are_parted_by_a_narrow_space(number, text):
    assert formatting.count(number) == text


@pytest.mark.parametrize(
    ("number", "family", "text"),
    [
        pytest.param(256, 4, "256", id="a /24"),
        pytest.param(2**24, 4, "16\u202f777\u202f216", id="an IPv4 /8"),
        pytest.param(256, 6, "256", id="a /120"),
        pytest.param(2**24, 6, "2^24", id="a /104"),
        pytest.param(2**64, 6, "2^64", id="a /64"),
        pytest.param(2**64 - 65_536, 6, "2^64 − 65\u202f536", id="what Cilium leaves"),
        pytest.param(2**64 + 2, 6, "2^64 + 2", id="just above"),
        pytest.param(2**72 - 2**24, 6, "2^72 − 2^24", id="a pool less its reach"),
        pytest.param(5 * 2**70, 6, "≈ 5.9 × 10^21", id="no power near"),
    ],
)
def test_large_sizes_are_powers_of_two(number, family, text):
    assert formatting.addresses(number, family) == text


def test_a_power_has_its_magnitude():
    assert formatting.magnitude(2**64) == "≈ 1.8 × 10^19"
    assert formatting.magnitude(256) == "256"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        pytest.param(0, 110, "0\u202f%", id="none"),
        pytest.param(1, 5000, "<0.1\u202f%", id="hardly any"),
        pytest.param(1, 200, "0.5\u202f%", id="below one"),
        pytest.param(1, 3, "33\u202f%", id="a third"),
        pytest.param(9999, 10000, "99\u202f%", id="nearly all is not all"),
        pytest.param(110, 110, "100\u202f%", id="all"),
        pytest.param(112, 110, "100\u202f%", id="never above 100"),
        pytest.param(3, 0, "–", id="of nothing"),
    ],
)
def test_a_share_is_honest(part, whole, text):
    assert formatting.share(part, whole) == text


def test_too_many_is_told_in_numbers():
    assert formatting.part_of(112, 110) == "112 of 110"


@pytest.mark.parametrize(
    ("part", "whole", "step"),
    [(0, 0, 0), (9, 100, 0), (10, 100, 1), (84, 100, 4), (85, 100, 5), (95, 100, 6),
     (112, 110, 6)],
)  # fmt: skip
def test_the_ramp_has_seven_steps(part, whole, step):
    assert formatting.level(part, whole) == step


def test_one_thing_is_singular():
    assert formatting.plural(1, "pod") == "1 pod"
    assert formatting.plural(0, "pod") == "0 pods"
    assert formatting.plural(2, "address", plural_noun="addresses") == "2 addresses"


def test_times_are_utc_whatever_their_zone():
    moment = datetime(2026, 11, 21, 15, 3, 22, tzinfo=timezone(timedelta(hours=1)))

    assert formatting.instant(moment) == "2026-11-21 14:03:22Z"
    assert formatting.clock(moment) == "14:03:22Z"
    assert formatting.machine_time(moment) == "2026-11-21T14:03:22.000000Z"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "3 s ago"), (59.9, "59 s ago"), (60, "1 min ago"), (7200, "2 h ago"),
     (93 * 86400, "93 d ago"), (-300, "in 5 min"), (0, "0 s ago")],
)  # fmt: skip
def test_an_age_is_in_its_largest_unit(seconds, text):
    assert formatting.age(NOON - timedelta(seconds=seconds), now=NOON) == text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("web-01", "web-01"),
        ("web\u202e10", "web\ufffd10"),
        ("\u2066a\u2069\u200f", "\ufffda\ufffd\ufffd"),
    ],
)
def test_a_name_in_a_sentence_turns_no_words_around(name, shown):
    assert formatting.visible(name) == shown
