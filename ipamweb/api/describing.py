"""How a question is described in the OpenAPI document."""

from copy import deepcopy
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from ipamweb.api.serializers import Error, Past

_HEADERS = {
    "ETag": "Changes when the answer does; send it back as If-None-Match.",
    "Ipamweb-As-Of": "The instant the answer is true of.",
}


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
        return name[0].lower() + name[1:]

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_override_parameters(self) -> list[Any]:
        query = [
            OpenApiParameter(each.name, dict(each.schema), description=each.description)
            for each in self.view.known_parameters()
        ]
        headers = [
            OpenApiParameter(
                name, str, location="header", response=[200, 304], description=words
            )
            for name, words in _HEADERS.items()
        ]
        return [*query, *headers]

    def get_response_serializers(self) -> dict[Any, Any]:
        return {
            **self._good_answer(),
            304: OpenApiResponse(description="The answer is the one you have."),
            400: OpenApiResponse(Error, "A parameter is not accepted."),
            401: OpenApiResponse(Error, "Not signed in."),
            404: OpenApiResponse(Error, "Not there, or not yours."),
        }

    def _good_answer(self) -> dict[Any, Any]:
        if self.view.content_type != "application/json":
            return {(200, self.view.content_type): OpenApiTypes.BINARY}
        return {200: self._answer()}

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
                "results": row(many=True),
            }
            return inline_serializer(f"{row.__name__}List", fields)
        fields |= deepcopy(dict(row().fields))
        return inline_serializer(f"{row.__name__}Answer", fields)
