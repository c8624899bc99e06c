"""How a question is described in the OpenAPI document."""

import re
from copy import deepcopy
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    inline_serializer,
)
from rest_framework import serializers

from ipamweb.api import parameters
from ipamweb.api.export_serializers import ExportedCluster
from ipamweb.api.serializers import Error, Past

_HEADERS = {
    "ETag": "Changes when the answer does; send it back as If-None-Match.",
    "Ipamweb-As-Of": "The instant the answer is true of.",
}
_LINK = (
    "The pages before and after of a list, the page for people, and the whole list in "
    "other formats (RFC 8288)."
)
_OF_FILES = {
    "Content-Disposition": "The name of the file.",
    "Ipamweb-As-Of": "The instant all of it is true of.",
    "Ipamweb-Export": "The number of its record: `exports/{number}/`.",
    "Ipamweb-Filters": "What was asked for.",
    "Ipamweb-Generation": "Of each cluster, by slug.",
}
_JSON = "application/json"
FILES = {
    **parameters.WHOLE,
    "json": _JSON,
    "zip": "application/zip",
    "parquet": "application/vnd.apache.parquet",
}
_NAME = {"type": "string", "minLength": 1}
# What stands in a path: its schema, what it is, and an example; those of a view that
# has others are its own (`examples`).
_IN_PATHS: dict[str, tuple[dict[str, Any], str, str | int]] = {
    "cluster": (_NAME, "A cluster, by slug.", "prod-eu"),
    "slug": (_NAME, "A pool, by slug.", "cilium-cluster-pool-v4"),
    "node": (_NAME, "A node, by name.", "worker-a"),
    "uid": (_NAME, "A pod, by UID.", "00000000-0000-4000-8000-000000000401"),
    "namespace": (_NAME, "A namespace, by name.", "shop"),
    "number": ({"type": "integer", "minimum": 1}, "Its id.", 1),
    "team": (_NAME, "A team, by slug.", "platform"),
    "key": (_NAME, "A token, by its key.", "0123456789ab"),
    "username": (_NAME, "A user, by name.", "ada"),
    "address": (parameters.ADDRESS, "An address, in any spelling.", "10.0.0.39"),
    "ending": (
        {"type": "string", "enum": list(FILES)},
        "The format; zip: the CSV and a manifest with its SHA-256.",
        "ndjson",
    ),
    "length": (
        {"type": "integer", "minimum": 0, "maximum": 128},
        "With the address: a CIDR as it is written here, without host bits.",
        24,
    ),
}
# How an act is called beside the question at the same path.
_ACTS = {"POST": "add", "PUT": "put", "PATCH": "change", "DELETE": "remove"}


def _header(name: str, words: str, *, of: list[int | str]) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, location="header", response=of, description=words
    )


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "ipamweb.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ipw_<key>.<secret>",
        }


class QuestionSchema(AutoSchema):
    """Reads what a Question says of itself: docstring, parameters, serializer."""

    def get_operation_id(self) -> str:
        name = type(self.view).__name__
        return (
            f"{_ACTS[self.method]}{name}" if self._acts else name[:1].lower() + name[1:]
        )

    @property
    def _acts(self) -> bool:
        return self.method != "GET"

    def get_request_serializer(self) -> Any:
        return self.view.wishes.get(self.method) if self._acts else None

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        found = super()._map_basic_serializer(serializer, direction)
        if direction == "request":
            # What a body says that is not known is refused (acting.py).
            found["additionalProperties"] = False
        return found

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_override_parameters(self) -> list[Any]:
        if self._acts:
            return self._in_path()
        query = [
            OpenApiParameter(
                each.name,
                dict(each.schema),
                description=each.description,
                required=each.is_required,
            )
            for each in self.view.known_parameters()
        ]
        return [*self._in_path(), *query, *self._headers()]

    def _headers(self) -> list[OpenApiParameter]:
        link = _header("Link", _LINK, of=[200])
        return [*(_header(*each, of=[200, 304]) for each in _HEADERS.items()), link]

    def _in_path(self) -> list[OpenApiParameter]:
        found = []
        for name in re.findall(r"{(\w+)}", self.path):
            schema, words, usual = _IN_PATHS[name]
            example = self.view.examples.get(name, usual)
            found.append(
                OpenApiParameter(
                    name,
                    dict(schema),
                    location="path",
                    required=True,
                    description=words,
                    examples=[OpenApiExample(name, value=example)],
                )
            )
        return found

    def get_response_serializers(self) -> dict[Any, Any]:
        if self._acts:
            return self._answers_to_acts()
        return {
            **self._good_answer(),
            **self._further_answers(),
            304: OpenApiResponse(description="The answer is the one you have."),
            400: OpenApiResponse(Error, "A parameter is not accepted."),
            401: OpenApiResponse(Error, "Not signed in."),
            404: OpenApiResponse(Error, "Not there, or not yours."),
        }

    def _further_answers(self) -> dict[Any, Any]:
        if not self.view.stands_still:
            return {}
        return {410: OpenApiResponse(Error, "A cursor older than the history kept.")}

    def _answers_to_acts(self) -> dict[Any, Any]:
        shape = self.view.acted.get(self.method)
        done = {204: OpenApiResponse(description="Done, and nothing is left to tell.")}
        if shape:
            done = {201 if self.method == "POST" else 200: shape}
        return {
            **done,
            400: OpenApiResponse(Error, "It cannot be done, and why."),
            401: OpenApiResponse(Error, "Not signed in."),
            403: OpenApiResponse(
                Error, "A token that only reads, or a missing CSRF token."
            ),
            404: OpenApiResponse(Error, "Not there, or not yours to do."),
        }

    def _good_answer(self) -> dict[Any, Any]:
        if self.view.content_type != "application/json":
            return {(200, self.view.content_type): OpenApiTypes.BINARY}
        good = OpenApiResponse(self._answer(), "The answer.")
        if self.view.whole is None:
            return {200: good}
        files = {(200, kind): OpenApiTypes.BINARY for kind in parameters.WHOLE.values()}
        return {(200, "application/json"): good, **files}

    def _answer(self) -> Any:
        row = self.view.get_serializer_class()
        as_of = serializers.DateTimeField(allow_null=True)
        fields: dict[str, Any] = {"as_of": as_of, "stale": serializers.BooleanField()}
        if self.view.has_past:
            fields["past"] = Past(required=False, help_text="Where `at` is given.")
        if self.view.is_list:
            fields |= {
                "next": serializers.URLField(allow_null=True),
                "previous": serializers.URLField(allow_null=True),
                "results": _rows(row) if self.view.may_be_cut else row(many=True),
            }
            return inline_serializer(f"{row.__name__}List", fields)
        fields |= deepcopy(dict(row().fields))
        return inline_serializer(f"{row.__name__}Answer", fields)


class FileSchema(QuestionSchema):
    """Describes a file: it has no ETag, and comes in several formats."""

    def _headers(self) -> list[OpenApiParameter]:
        return [_header(*each, of=[200]) for each in _OF_FILES.items()]

    def get_response_serializers(self) -> dict[Any, Any]:
        found = super().get_response_serializers()
        return {status: each for status, each in found.items() if status != 304}

    def _good_answer(self) -> dict[Any, Any]:
        return {
            (200, kind): OpenApiTypes.BINARY if kind != _JSON else self._json()
            for kind in FILES.values()
        }

    def _json(self) -> Any:
        return OpenApiTypes.OBJECT


class ExportSchema(FileSchema):
    """Describes a list as a file: as JSON it holds the rows of the list."""

    def _json(self) -> Any:
        row = self.view.get_serializer_class()
        is_of_cluster = self.view.what != "audit"
        of_cluster = {"cluster": serializers.CharField()} if is_of_cluster else {}
        fields = {
            "what": serializers.CharField(),
            "filters": serializers.DictField(child=serializers.CharField()),
            "as_of": serializers.DateTimeField(allow_null=True),
            "stale": serializers.BooleanField(),
            "clusters": serializers.DictField(child=ExportedCluster()),
            "results": _rows(row, "Exported", **of_cluster),
        }
        return inline_serializer(f"{row.__name__}Export", fields)


def _rows(
    row: type[serializers.Serializer], suffix: str = "Row", **further: Any
) -> Any:
    """Describe the rows of a list: with the parameter `fields` they hold some only."""
    fields = {**further, **deepcopy(dict(row().fields))}
    for field in fields.values():
        # A field is made again from these wherever it is copied.
        field._kwargs["required"] = field.required = False
    return inline_serializer(f"{row.__name__}{suffix}", fields, many=True)
