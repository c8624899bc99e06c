"""Pages of lists by REST: links to those around, one age for all of them."""

import gzip

import pytest

from ipamweb.mirror.models import Cluster
from tests.api.conftest import Reader
from tests.cast import at
from tests.mirror.queries.test_snapshots import end, move_on

C = "clusters/prod-eu/"
HOST = "http://testserver"
ALLOCATIONS = f"{C}allocations/?limit=20&fields=id"


def follow(reader: Reader, url: str) -> dict[str, object]:
    found: dict[str, object] = reader.json(url.removeprefix(f"{HOST}/api/v1/"))
    return found


def test_the_pages_around_stand_in_the_header_too(reader: Reader) -> None:
    body = follow(reader, reader.json(f"{C}nodes/?limit=1")["next"])

    assert reader.answer["Link"] == (
        f'<{body["next"]}>; rel="next", <{body["previous"]}>; rel="previous",'
        f' <{HOST}/clusters/prod-eu/nodes/>; rel="alternate"; type="text/html",'
        f' <{HOST}/api/v1/{C}nodes/?format=csv>; rel="alternate"; type="text/csv",'
        f' <{HOST}/api/v1/{C}nodes/?format=ndjson>; rel="alternate";'
        ' type="application/x-ndjson"'
    )


def test_other_formats_have_the_filters_and_fields_of_the_page(reader: Reader) -> None:
    rows = reader.results(f"{C}blocks/?family=4&fields=cidr")
    reader.get(f"{C}blocks/?family=4&fields=cidr&limit=2")
    links = reader.answer["Link"].split(", ")

    (csv,) = (each for each in links if each.endswith('type="text/csv"'))
    answer = reader.client.get(csv.partition("<")[2].partition(">")[0])

    lines = b"".join(answer.streaming_content).decode().split()
    assert lines == ["cidr", *(row["cidr"] for row in rows)]
    assert len(rows) > 2


def test_what_differs_between_two_instants_has_no_other_format(reader: Reader) -> None:
    reader.get(f"{C}pools/?vs=2026-11-22T13:00:00Z")

    assert "csv" not in reader.answer["Link"]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("clusters/", "/"),
        (f"{C}nodes/worker-a/", "/clusters/prod-eu/nodes/worker-a/"),
        (f"{C}namespaces/shop/", "/clusters/prod-eu/ns/shop/"),
        (f"{C}addresses/fd00::26/", "/clusters/prod-eu/ip/fd00::26"),
        ("findings/1/", "/findings/1/"),
    ],
)
def test_the_page_for_people_stands_in_the_header(
    reader: Reader, path: str, page: str
) -> None:
    reader.get(path)

    assert reader.answer["Link"] == (
        f'<{HOST}{page}>; rel="alternate"; type="text/html"'
    )
    assert reader.client.get(page).status_code == 200


def test_what_has_no_page_and_no_other_part_has_no_links(reader: Reader) -> None:
    assert "Link" not in reader.get(f"{C}gaps/")


def test_all_pages_are_as_of_the_first(reader: Reader) -> None:
    first = reader.json(ALLOCATIONS)
    end(41)
    move_on()

    second = follow(reader, first["next"])

    assert second["as_of"] == first["as_of"] == "2026-11-22T14:00:00Z"
    assert reader.answer["Ipamweb-As-Of"] == "2026-11-22T14:00:00Z"
    assert reader.json(ALLOCATIONS)["as_of"] == "2026-11-22T14:00:05Z"


def test_paging_neither_misses_nor_doubles_while_rows_come_and_go(
    reader: Reader,
) -> None:
    before = [row["id"] for row in reader.results(f"{C}allocations/?limit=1000")]
    body = reader.json(ALLOCATIONS)
    found = list(body["results"])
    for number, gone in enumerate(before[::4], start=8):
        if not body["next"]:
            break
        end(gone, generation=number)
        move_on(number, f"14:00:{number:02}")
        body = follow(reader, body["next"])
        found += body["results"]  # type: ignore[arg-type]

    assert [row["id"] for row in found] == before


def test_a_cursor_older_than_the_history_kept_is_410(reader: Reader) -> None:
    url = reader.json(ALLOCATIONS)["next"]
    move_on(clock="15:00:00")
    Cluster.objects.filter(slug="prod-eu").update(pruned_to=at("14:30:00"))

    answer = reader.get(url.removeprefix(f"{HOST}/api/v1/"))

    assert (answer.status_code, answer.json()["error"]) == (
        410,
        {
            "code": "expired",
            "message": "cursor: this cursor is older than the history kept;"
            " start without one.",
            "details": {},
        },
    )


def test_an_answer_is_packed_for_whoever_can_unpack_it(reader: Reader) -> None:
    plain = reader.get(f"{C}allocations/").content

    packed = reader.get(f"{C}allocations/", headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain
    assert len(packed.content) < len(plain) / 5
