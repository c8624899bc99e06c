from datetime import timedelta

import pytest
from django.utils import timezone

from ipamweb.mirror.models import Cluster, CoverageGap
from tests import cast
from tests.api.conftest import Reader
from tests.cast import at

C = "clusters/prod-eu/"
PATHS = [
    C, f"{C}pools/", f"{C}pools/cilium-cluster-pool-v4/", f"{C}nodes/",
    f"{C}nodes/worker-a/", f"{C}blocks/", f"{C}pods/", f"{C}pods/{cast.uid(401)}/",
    f"{C}namespaces/", f"{C}namespaces/shop/", f"{C}allocations/",
    f"{C}addresses/10.0.0.19/", f"{C}problems/", f"{C}gaps/", f"{C}runs/",
    f"{C}reservations/",
]  # fmt: skip


def tag(reader: Reader, path: str = f"{C}nodes/") -> str:
    found: str = reader.get(path)["ETag"]
    return found


@pytest.mark.parametrize("path", PATHS)
def test_L3_every_answer_says_how_old_it_is(reader: Reader, path: str) -> None:
    body = reader.json(path)

    assert (body["as_of"], body["stale"]) == ("2026-11-22T14:00:00Z", False)
    assert reader.answer["Ipamweb-As-Of"] == "2026-11-22T14:00:00Z"
    assert reader.answer["Cache-Control"] == "private, no-cache"
    assert reader.answer["Vary"] == ("Accept-Encoding, Authorization, Cookie")


@pytest.mark.parametrize("path", [*PATHS, "clusters/", "addresses/10.0.0.19/"])
def test_who_has_the_answer_already_gets_304_with_its_age(
    reader: Reader, path: str
) -> None:
    headers = {"If-None-Match": tag(reader, path)}

    answer = reader.get(path, headers=headers)

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == headers["If-None-Match"]
    assert answer.get("Ipamweb-As-Of") == (
        "2026-11-22T14:00:00Z" if path.startswith(C) else None
    )


def test_a_304_costs_only_the_sign_in_and_the_cluster(
    reader: Reader, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    headers = {"If-None-Match": tag(reader)}

    with django_assert_num_queries(3):  # type: ignore[operator]
        reader.get(f"{C}nodes/", headers=headers)


@pytest.mark.parametrize(
    "change",
    [
        {"generation": 8},
        {"last_error": "prod-eu: could not list pods: timed out"},
        {"paused": True},
        {"held_release_at": at("14:00:00")},
    ],
    ids=str,
)
def test_the_tag_changes_with_what_is_known(
    reader: Reader, change: dict[str, object]
) -> None:
    before = tag(reader)
    Cluster.objects.filter(slug="prod-eu").update(**change)

    assert tag(reader) != before


def test_the_tag_changes_when_the_answer_grows_stale(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tag(reader)
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW + timedelta(seconds=30))

    assert tag(reader) != before
    assert reader.json(f"{C}nodes/")["stale"] is True


def test_the_tag_changes_when_a_gap_opens(reader: Reader) -> None:
    before = tag(reader)
    CoverageGap.objects.create(
        cluster_id=1, started_at=at("14:00:01"), reason="unreachable"
    )

    assert tag(reader) != before


def test_the_tag_stays_while_nothing_changes_and_the_age_goes_on(
    reader: Reader,
) -> None:
    before = tag(reader)
    Cluster.objects.filter(slug="prod-eu").update(as_of=at("14:00:05"))

    answer = reader.get(f"{C}nodes/", headers={"If-None-Match": before})

    assert (answer.status_code, answer["Ipamweb-As-Of"]) == (
        304, "2026-11-22T14:00:05Z",
    )  # fmt: skip


@pytest.mark.parametrize("path", [f"{C}runs/", f"{C}problems/", C])
def test_what_tells_of_polls_changes_with_each(reader: Reader, path: str) -> None:
    before = tag(reader, path)
    Cluster.objects.filter(slug="prod-eu").update(last_poll_at=at("14:00:05"))

    assert tag(reader, path) != before


def test_each_question_has_a_tag_of_its_own(reader: Reader) -> None:
    paths = [f"{C}nodes/", f"{C}nodes/?limit=2", f"{C}nodes/?q=a", f"{C}pods/"]

    assert len({tag(reader, path) for path in paths}) == 4


def test_an_age_in_a_filter_moves_with_the_clock(reader: Reader) -> None:
    path = f"{C}allocations/?older_than=90m"
    before = tag(reader, path)
    Cluster.objects.filter(slug="prod-eu").update(as_of=at("14:00:05"))

    assert tag(reader, path) != before


def test_a_star_is_no_tag_that_we_gave(reader: Reader) -> None:
    answer = reader.get(f"{C}nodes/worker-z/", headers={"If-None-Match": "*"})

    assert answer.status_code == 404


def test_head_is_get_without_the_body(reader: Reader) -> None:
    answer = reader.client.head(f"/api/v1/{C}nodes/")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == tag(reader)
