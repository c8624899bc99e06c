"""The list of allocations, asked about the past."""

import pytest

from tests.api.conftest import Reader
from tests.cast import uid

LIST = "clusters/prod-eu/allocations/"
DAY = "2026-11-22T"


def pods(reader: Reader, query: str) -> list[tuple[str, str, str]]:
    return [
        (row["address"], row["pod"], row["state"])
        for row in reader.results(f"{LIST}?{query}")
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"at={DAY}12:20:00Z&kind=pod", [("10.0.0.35", "old-1", "held")]),
        (f"at={DAY}12:25:03Z&kind=pod", [("10.0.0.35", "old-1", "possible")]),
        (f"at={DAY}12:27:00Z&kind=pod", []),
        (
            f"within=10.0.0.32/29&since={DAY}12:24:00Z&until={DAY}12:31:00Z"
            "&address=10.0.0.35",
            [("10.0.0.35", "cart-0", "held"), ("10.0.0.35", "old-1", "ended")],
        ),
        (f"uid={uid(451)}&since={DAY}12:00:00Z", [("10.0.0.35", "old-1", "ended")]),
        (f"at={DAY}12:20:00Z&namespace=shop", []),
    ],
)
def test_the_past_is_listed_with_the_same_filters(
    reader: Reader, query: str, found: list[tuple[str, str, str]]
) -> None:
    assert pods(reader, query) == found


@pytest.mark.parametrize(
    ("clock", "blind", "gap"),
    [
        ("12:20:00", "", None),
        ("11:00:00", "before-history", None),
        ("13:05:00", "gap", 1),
        ("14:00:02", "after-as-of", None),
    ],
)
def test_the_answer_says_how_exactly_the_instant_is_known(
    reader: Reader, clock: str, blind: str, gap: int | None
) -> None:
    past = reader.json(f"{LIST}?at={DAY}{clock}Z")["past"]

    assert (past["at"], past["blind"]) == (f"{DAY}{clock}Z", blind)
    assert (past["gap"] and past["gap"]["id"]) == gap


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"at={DAY}12:00:00Z&since={DAY}12:00:00Z", "at is one instant"),
        (f"since={DAY}13:00:00Z&until={DAY}12:00:00Z", "since lies behind until"),
        (
            f"until={DAY}11:00:00Z",
            "History begins at 2026-11-22T12:00:00Z, so until lies before all that is "
            "known.",
        ),
        (f"since={DAY}15:00:00Z", "since lies behind now"),
        ("at=yesterday", "is no RFC 3339 time with a zone"),
        (f"since={DAY}12:00:00Z&state=held", "passes through several states"),
        ("state=possible", "possible is asked with at"),
    ],
)
def test_times_that_make_no_sense_are_400(
    reader: Reader, query: str, words: str
) -> None:
    answer = reader.get(f"{LIST}?{query}")

    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_another_instant_is_another_etag(reader: Reader) -> None:
    tags = {
        reader.get(f"{LIST}?at={DAY}{clock}Z")["ETag"]
        for clock in ("12:20:00", "12:20:01")
    }

    assert len(tags) == 2


def test_what_the_reader_has_already_is_304(reader: Reader) -> None:
    path = f"{LIST}?at={DAY}12:20:00Z"
    tag = reader.get(path)["ETag"]

    assert reader.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_present_answer_has_no_past(reader: Reader) -> None:
    assert "past" not in reader.json(LIST)
