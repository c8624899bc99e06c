"""Where the whole list of a page is had as CSV, from the twin of the page in REST."""

import re
from urllib.parse import parse_qsl, urlencode

from ipamweb.exports.columns import WHATS

# …/api/v1/clusters/prod/nodes/ or …/api/v1/findings/
_LIST = re.compile(r"(.*/api/v1/)(?:clusters/([^/]+)/)?([a-z]+)/")
# What says which page of a list, or which part of its rows, is shown.
_OF_A_PAGE = frozenset({"cursor", "limit", "fields", "view", "format"})


def csv_path(api_path: str) -> str:
    """Return the path of the CSV; empty where the twin is no list that is exported.

    csv_path("/api/v1/clusters/prod/nodes/?q=a") is
    "/api/v1/export/nodes.csv?cluster=prod&q=a".
    """
    path, _, query = api_path.partition("?")
    found = _LIST.fullmatch(path)
    if found is None or found[3] not in WHATS:
        return ""
    asked = [("cluster", found[2])] if found[2] else []
    asked += [pair for pair in parse_qsl(query) if pair[0] not in _OF_A_PAGE]
    return f"{found[1]}export/{found[3]}.csv?{urlencode(asked)}".rstrip("?")
