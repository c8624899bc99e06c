"""How the body of a request is read: as JSON, and no more lenient than JSON is."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class JsonBody(BaseParser):
    """Reads JSON by the library that writes it. The standard one takes halves of a
    surrogate pair, which no answer can then name, and numbers that are infinite."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return msgspec.json.decode(stream.read())
        except RecursionError as error:
            raise ParseError("The body is no JSON: it is nested too deeply.") from error
        except ValueError as error:
            # Of msgspec, and of Python where bytes are no UTF-8.
            raise ParseError(f"The body is no JSON: {error}.") from error
