"""The OpenAPI document, and a page for reading it without any program of others."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.views import APIView

from ipamweb.api.question import JsonOnly


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document; it is the same until the program changes."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


class Schema(APIView):
    schema = None
    content_negotiation_class = JsonOnly

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(
            msgspec.json.encode(document()),
            content_type="application/vnd.oai.openapi+json; version=3.1",
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter, or a field of a row."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A path, what stands behind its `?`, and the names of what it answers and, where
    it acts, of what its body says."""

    method: str
    path: str
    description: str
    parameters: tuple[Line, ...]
    answer: str
    body: str


@require_safe
@gzip_page
def docs(request: HttpRequest) -> HttpResponse:
    """Show the document; like any page it asks for a sign-in."""
    found = document()
    operations = [
        _operation(path, method, described)
        for path, methods in found["paths"].items()
        for method, described in methods.items()
    ]
    shapes = {
        name: [_line(field, each) for field, each in shape["properties"].items()]
        for name, shape in found["components"]["schemas"].items()
        if "properties" in shape
    }
    page = {"operations": operations, "shapes": sorted(shapes.items())}
    return render(request, "api/docs.html", page)


def _operation(path: str, method: str, described: dict[str, Any]) -> Operation:
    answers = described["responses"]
    good = next(answers[code] for code in answers if code.startswith("2"))
    body = described.get("requestBody", {}).get("content")
    return Operation(
        method.upper(),
        path,
        described["description"],
        tuple(_parameters(described)),
        _answer(good["content"]) if "content" in good else "",
        _name(body["application/json"]) if body else "",
    )


def _parameters(operation: dict[str, Any]) -> list[Line]:
    return [
        _line(each["name"], {**each["schema"], "description": each["description"]})
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    ]


def _answer(content: dict[str, Any]) -> str:
    """Return what a path answers: the name of a shape, or "binary"."""
    return _name(content.get("application/json") or next(iter(content.values())))


def _line(name: str, schema: dict[str, Any]) -> Line:
    return Line(name, _type(schema), schema.get("description", ""))


def _type(schema: dict[str, Any]) -> str:
    """Return a schema in words: "Numbers by name", "list of string", "4 or 6"."""
    if "enum" in schema:
        return " or ".join(str(word) for word in schema["enum"])
    if any(word in schema for word in ("$ref", "allOf", "oneOf", "anyOf")):
        return _name({"schema": schema})
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"{_type(inner)} by name" if isinstance(inner, dict) and inner else kind
    words = [kind] if isinstance(kind, str) else kind
    return " or ".join(
        schema.get("format", word) if word == "string" else word for word in words
    )


def _name(holder: dict[str, Any]) -> str:
    """Return the name of the shape that a schema refers to."""
    schema = holder["schema"]
    for word in ("allOf", "oneOf", "anyOf"):
        if word in schema:
            names = [_name({"schema": each}) for each in schema[word]]
            return " or ".join(names)
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return _type(schema)
