"""Read a page as a person does: its words in order, without markup."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse

SILENT = {"script", "style"}
# Tags inside a line: they part no words.
INLINE = {"a", "abbr", "b", "code", "em", "small", "span", "strong", "time", "wbr"}


class Words(HTMLParser):
    """Collects the text of a page; `attributes` are (tag, name, value) of all tags."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._part(tag)
        self.silent += tag in SILENT
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def parsed(response: HttpResponse) -> Words:
    words = Words()
    words.feed(response.content.decode())
    return words


def text(response: HttpResponse) -> str:
    """Return the words of a page with single blanks between; thousands as they are."""
    words = "".join(parsed(response).parts)
    # str.split() would part thousands at their narrow space.
    return re.sub(r"[ \n]+", " ", words).strip()


def links(response: HttpResponse) -> list[str]:
    return [
        value
        for tag, name, value in parsed(response).attributes
        if (tag, name) == ("a", "href")
    ]
