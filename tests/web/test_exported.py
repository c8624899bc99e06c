"""Every page with a list that is exported leads to its CSV."""

import re

import pytest

from ipamweb.web.exported import csv_path
from tests.published import PAGES

CSV = re.compile(r'<a href="([^"]+)">CSV</a>')
WITH_CSV = {
    "pools", "nodes", "namespace", "allocations", "findings", "audit", "team",
}  # fmt: skip


@pytest.mark.parametrize(
    ("twin", "path"),
    [
        ("/api/v1/clusters/prod/nodes/?q=a", "nodes.csv?cluster=prod&q=a"),
        ("/api/v1/clusters/prod/pools/", "pools.csv?cluster=prod"),
        ("/api/v1/findings/?state=open&cursor=x&limit=5", "findings.csv?state=open"),
        ("/api/v1/audit/", "audit.csv"),
    ],
)
def test_the_csv_is_the_whole_of_the_list_with_its_filters(twin: str, path: str):
    assert csv_path(twin) == f"/api/v1/export/{path}"


@pytest.mark.parametrize(
    "twin", ["", "/api/v1/clusters/", "/api/v1/clusters/prod/nodes/worker-a/"]
)
def test_what_is_no_list_has_none(twin: str):
    assert csv_path(twin) == ""


@pytest.mark.django_db
def test_pages_with_a_list_lead_to_its_csv(signed_in):
    found = {
        name: CSV.findall(signed_in.get(path).content.decode())
        for name, path in PAGES.items()
    }
    leading = {name: links[0] for name, links in found.items() if links}

    assert set(leading) == WITH_CSV
    for path in leading.values():
        answer = signed_in.get(path.replace("&amp;", "&"))
        assert (answer.status_code, b"\r\n" in b"".join(answer)) == (200, True)
