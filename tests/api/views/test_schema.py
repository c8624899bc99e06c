"""The OpenAPI document and the answers say the same."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS

from ipamweb.access.models import User
from ipamweb.api.views import schema
from ipamweb.exports.columns import WHATS
from ipamweb.exports.wishes import FORMATS
from ipamweb.usage import samples
from tests import cast, cast_people
from tests.api.conftest import Reader
from tests.cast import uid

C = "/api/v1/clusters/{cluster}/"
# Each path of the document, and a path that it describes.
PATHS = {
    "/api/v1/clusters/": "clusters/",
    C: "clusters/prod-eu/",
    f"{C}pools/": "clusters/prod-eu/pools/",
    f"{C}pools/{{slug}}/": "clusters/prod-eu/pools/cilium-cluster-pool-v4/",
    f"{C}pools/{{slug}}/blocks.bin": (
        "clusters/prod-eu/pools/cilium-cluster-pool-v4/blocks.bin"
    ),
    f"{C}cells/{{address}}/{{length}}/": "clusters/prod-eu/cells/10.0.0.0/24/",
    f"{C}children/{{address}}/{{length}}/": "clusters/prod-eu/children/10.0.0.0/24/",
    f"{C}mask/{{address}}/{{length}}/": "clusters/prod-eu/mask/10.0.0.0/20/?q=ns:shop",
    f"{C}windows/{{address}}/{{length}}/": "clusters/prod-eu/windows/fd00::/64/",
    f"{C}nodes/": "clusters/prod-eu/nodes/",
    f"{C}nodes/{{node}}/": "clusters/prod-eu/nodes/worker-a/",
    f"{C}blocks/": "clusters/prod-eu/blocks/",
    f"{C}pods/": "clusters/prod-eu/pods/",
    f"{C}pods/{{uid}}/": f"clusters/prod-eu/pods/{uid(401)}/",
    f"{C}namespaces/": "clusters/prod-eu/namespaces/",
    f"{C}namespaces/{{namespace}}/": "clusters/prod-eu/namespaces/shop/",
    f"{C}allocations/": "clusters/prod-eu/allocations/",
    f"{C}addresses/{{address}}/": (
        "clusters/prod-eu/addresses/10.0.0.35/?at=2026-11-22T12:15:00Z"
    ),
    f"{C}problems/": "clusters/prod-eu/problems/",
    f"{C}gaps/": "clusters/prod-eu/gaps/",
    f"{C}runs/": "clusters/prod-eu/runs/",
    f"{C}reservations/": "clusters/prod-eu/reservations/",
    "/api/v1/addresses/{address}/": "addresses/10.0.0.60/",
    "/api/v1/audit/": "audit/",
    "/api/v1/ip-hours/": "ip-hours/?month=2026-11",
    "/api/v1/export/ip-hours.csv": "export/ip-hours.csv",
    **{f"/api/v1/export/{what}.{{ending}}": f"export/{what}.json" for what in WHATS},
    "/api/v1/exports/": "exports/",
    "/api/v1/exports/{number}/": "exports/600/",
    "/api/v1/exports/{number}/file": "exports/600/file",
    "/api/v1/teams/": "teams/",
    "/api/v1/teams/{team}/": "teams/platform/",
    "/api/v1/findings/": "findings/",
    "/api/v1/findings/{number}/": "findings/1/",
    "/api/v1/usage/": "usage/?cluster=prod-eu",
    "/api/v1/views/": "views/",
    "/api/v1/views/{number}/": "views/500/",
    "/api/v1/webhooks/": "webhooks/",
    "/api/v1/webhooks/{number}/": "webhooks/1/",
    "/api/v1/webhooks/{number}/deliveries/": "webhooks/1/deliveries/",
    "/api/v1/tokens/": "tokens/",
    "/api/v1/tokens/{key}/": "tokens/0123456789ab/",
    "/api/v1/users/": "users/",
    "/api/v1/users/{username}/": "users/ada/",
}

BINARY = {
    path
    for path in PATHS
    if "/cells/" in path or path.endswith((".bin", ".csv", ".{ending}", "/file"))
}


# Each act of the document, with what it answers.
ACTS = {
    ("/api/v1/clusters/", "post"): "201", (C, "patch"): "200", (C, "delete"): "204",
    ("/api/v1/teams/", "post"): "201", ("/api/v1/teams/{team}/", "patch"): "200",
    ("/api/v1/teams/{team}/", "delete"): "204", ("/api/v1/tokens/", "post"): "201",
    ("/api/v1/tokens/{key}/", "delete"): "204", ("/api/v1/users/", "post"): "201",
    ("/api/v1/users/{username}/", "patch"): "200",
    ("/api/v1/views/", "post"): "201", ("/api/v1/views/{number}/", "patch"): "200",
    ("/api/v1/views/{number}/", "delete"): "204",
    ("/api/v1/webhooks/", "post"): "201",
    ("/api/v1/exports/", "post"): "202",
    ("/api/v1/webhooks/{number}/", "patch"): "200",
    ("/api/v1/webhooks/{number}/", "delete"): "204",
}  # fmt: skip


def shape(path: str, status: str = "200") -> dict[str, Any]:
    """Return the JSON schema of an answer, closed: a field not described is a fault."""
    document = schema.document()
    answer = document["paths"][path]["get"]["responses"][status]
    components = {
        name: {**each, "additionalProperties": False}
        for name, each in document["components"]["schemas"].items()
    }
    return {
        **answer["content"]["application/json"]["schema"],
        "components": {"schemas": components},
    }


def fields_of(path: str) -> set[str]:
    """Return the fields of the rows of a list."""
    described = shape(path)
    name = described["$ref"].rpartition("/")[2]
    shapes = described["components"]["schemas"]
    row = shapes[name]["properties"]["results"]["items"]["$ref"].rpartition("/")[2]
    return set(shapes[row]["properties"])


def test_every_path_is_described_and_nothing_else() -> None:
    assert set(schema.document()["paths"]) == set(PATHS)


def test_every_act_beside_a_question_is_described() -> None:
    found = {
        (path, method): operation
        for path, methods in schema.document()["paths"].items()
        for method, operation in methods.items()
        if method != "get"
    }

    assert set(found) == set(ACTS)
    for act, status in ACTS.items():
        described = found[act]
        # Of a user a few files are waited for at most.
        further = {"429"} if act[0].endswith("/exports/") else set()
        assert {status, "400", "401", "403", "404", *further} == set(
            described["responses"]
        )
        assert described["description"]
        assert ("requestBody" in described) == (act[1] != "delete")


def test_a_body_takes_what_is_described_and_nothing_else() -> None:
    """As it is read: a name that is not known is 400."""
    shapes = schema.document()["components"]["schemas"]
    bodies = {
        each["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for methods in schema.document()["paths"].values()
        for each in methods.values()
        if "requestBody" in each
    }

    names = {each.removeprefix("#/components/schemas/") for each in bodies}
    closed = {
        name for name, each in shapes.items()
        if each.get("additionalProperties") is False
    }  # fmt: skip

    assert "ExportWish" in names
    assert names == closed


@pytest.mark.parametrize("path", [path for path in PATHS if path not in BINARY])
def test_an_answer_is_as_the_document_describes_it(reader: Reader, path: str) -> None:
    samples.take(now=cast.NOW)
    ada = User.objects.get(username="ada")
    cast_people.insert_view(ada)
    cast_people.insert_token(ada)
    cast_people.insert_export(ada)

    body = reader.json(PATHS[path])

    assert body.get("results", [None])
    jsonschema.validate(body, shape(path))
    assert all(set(row) == fields_of(path) for row in body.get("results", []))


@pytest.mark.parametrize("what", WHATS)
def test_an_export_is_as_the_document_describes_it(reader: Reader, what: str) -> None:
    samples.take(now=cast.NOW)
    path = f"/api/v1/export/{what}.{{ending}}"

    body = json.loads(b"".join(reader.get(PATHS[path])))

    jsonschema.validate(body, shape(path))
    assert body["results"]
    assert all(set(row) == fields_of(path) for row in body["results"])


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_described_with_its_type(reader: Reader, ending: str) -> None:
    described = schema.document()["paths"]["/api/v1/export/nodes.{ending}"]["get"]
    of_list = schema.document()["paths"][f"{C}nodes/"]["get"]["responses"]["200"]

    answer = reader.get(f"export/nodes.{ending}")
    kind = answer["Content-Type"].partition(";")[0]

    assert b"".join(answer.streaming_content)
    assert set(described["responses"]) == {"200", "400", "401", "404"}
    assert kind in described["responses"]["200"]["content"]
    assert (kind in of_list["content"]) == (ending in ("csv", "ndjson", "json"))
    (path,) = (each for each in described["parameters"] if each["in"] == "path")
    assert tuple(path["schema"]["enum"]) == FORMATS


@pytest.mark.parametrize(
    ("path", "status"),
    [("clusters/nowhere/nodes/", "404"), ("clusters/prod-eu/nodes/?x=1", "400")],
)
def test_an_error_is_as_the_document_describes_it(
    reader: Reader, path: str, status: str
) -> None:
    body = reader.get(path).json()

    jsonschema.validate(body, shape(f"{C}nodes/", status))


def test_the_document_is_openapi_3_1_made_without_a_warning(reader: Reader) -> None:
    GENERATOR_STATS.reset()
    schema.document.cache_clear()

    assert reader.json("schema")["openapi"].startswith("3.1")
    assert not GENERATOR_STATS


def test_the_document_tells_of_both_ways_to_sign_in() -> None:
    found = schema.document()["components"]["securitySchemes"]

    assert (found["token"]["scheme"], found["cookieAuth"]["in"]) == ("bearer", "cookie")


def test_the_document_tells_of_every_filter_of_allocations() -> None:
    parameters = schema.document()["paths"][f"{C}allocations/"]["get"]["parameters"]

    assert [each["name"] for each in parameters if each["in"] == "query"] == [
        "address", "at", "cursor", "family", "fields", "format", "kind", "limit",
        "namespace", "network", "node", "older_than", "pod", "pool", "q", "since",
        "state", "uid", "until", "view", "vs", "within", "workload_kind",
        "workload_name",
    ]  # fmt: skip


def test_the_document_tells_how_a_view_is_saved_changed_and_removed() -> None:
    document = schema.document()
    acts = document["paths"]["/api/v1/views/{number}/"]
    wish = document["components"]["schemas"]["ViewWish"]

    assert set(acts) == {"get", "patch", "delete"}
    assert set(acts["delete"]["responses"]) == {"204", "400", "401", "403", "404"}
    assert wish["required"] == ["name", "table"]
    assert document["paths"]["/api/v1/views/"]["post"]["operationId"] == "createView"


def test_the_document_tells_how_a_webhook_is_made_changed_and_removed() -> None:
    document = schema.document()
    acts = document["paths"]["/api/v1/webhooks/{number}/"]
    shapes = document["components"]["schemas"]

    assert set(acts) == {"get", "patch", "delete"}
    assert shapes["WebhookWish"]["required"] == ["name", "url"]
    assert "secret" in shapes["WebhookMade"]["required"]
    assert "secret" not in shapes["Webhook"]["properties"]


def test_the_page_lists_every_path_and_every_field(reader: Reader) -> None:
    page = reader.get("docs").content.decode()

    assert all(path in page for path in PATHS)
    assert "block_prefix_length" in page
    assert "older_than" in page


def test_the_page_is_sent_packed(reader: Reader) -> None:
    answer = reader.get("docs", headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 50_000


def test_the_page_asks_for_a_sign_in(db: None) -> None:
    answer = Client().get("/api/v1/docs")

    assert (answer.status_code, answer["Location"]) == (
        302,
        "/login/?next=/api/v1/docs",
    )
