"""The small picture beside a finding: where it lies, and what is marked."""

import pytest

from ipamweb.findings.models import Finding

pytestmark = pytest.mark.django_db

ONE = "/findings/1/"


def picture(answer) -> str:
    return answer.content.decode().partition("<figure")[2].partition("</figure>")[0]


def test_an_address_is_marked_where_the_map_has_it(everybody, reader):
    found = picture(reader.get(ONE))

    # .39 is row 2, column 7.
    assert '<rect class="map-mark" x="7" y="2" width="1" height="1"/>' in found
    assert '<path class="map-conflict" d="M7 2h1v1h-1z"/>' in found
    assert "10.0.0.0/24:" in found
    assert "marked: 10.0.0.39" in found


def test_what_names_only_a_cidr_is_shown_unmarked(everybody, reader):
    side = {
        "what": "node CIDR", "name": "worker-a", "uid": "", "namespace_uid": "",
        "read_from": "x", "since": None, "values": [["CIDR", "10.0.0.16/28"]],
        "private": [],
    }  # fmt: skip
    Finding.objects.update(subject_kind="node", subject="worker-a", evidence=[side])

    found = picture(reader.get(ONE))

    assert "map-pod" in found
    assert "map-mark" not in found


@pytest.mark.parametrize("subject", [("pool", "x"), ("cluster", "prod-eu")])
def test_what_is_about_no_address_has_no_picture(everybody, reader, subject):
    kind, name = subject
    Finding.objects.update(subject_kind=kind, subject=name, evidence=[])

    assert "<figure" not in reader.get(ONE).content.decode()


def test_ipv6_is_shown_by_its_last_byte(everybody, reader):
    Finding.objects.update(subject="fd00::21", evidence=[])

    found = picture(reader.get(ONE))

    assert '<rect class="map-mark" x="1" y="2" width="1" height="1"/>' in found
    assert "fd00::/120" in found


def test_the_past_has_no_picture_of_now(everybody, reader):
    page = reader.get(f"{ONE}?at=2026-11-22T13:45:00Z")

    assert "<figure" not in page.content.decode()
