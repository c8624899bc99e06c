"""Keeps a page in the past when it is left by a link: each link into a cluster, and
each form that asks for a page, carries the instant on.

Done on the finished page, because then no link can be forgotten. What a page says comes
from templates that escape every name: outside tags there is no `<`.
"""

import re
from html import escape
from urllib.parse import quote

from django.urls import get_script_prefix

# A link that leads out of the past says so.
LEAVES = "data-leaves-past"
# One that leads out of a comparison, into one of its instants, too.
LEAVES_COMPARISON = "data-leaves-comparison"
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"[^>]*>')
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_HAS_INSTANT = re.compile(r"[?;&]at=")
_HAS_OTHER = re.compile(r"[?;&]vs=")


def carry(page: str, *, at: str, vs: str = "") -> str:
    """Return a page whose links and forms keep the instant `at`, and links within a
    cluster the one it is compared with."""
    prefix = get_script_prefix()
    into = tuple(
        f"{prefix}{part}" for part in ("clusters/", "ip/", "search", "findings/")
    )

    def carried(found: re.Match[str]) -> str:
        tag, path = found[0], found[1]
        kept = vs if path.startswith(into[0]) and not _HAS_OTHER.search(path) else ""
        if LEAVES_COMPARISON in tag:
            kept = ""
        is_inside = path == prefix or path.startswith(into)
        if not is_inside or _HAS_INSTANT.search(path) or LEAVES in tag:
            return tag
        return tag.replace(
            f'href="{path}"', f'href="{_with_instants(path, at, kept)}"', 1
        )

    return _FORM.sub(lambda found: _asking(found[0], at), _LINK.sub(carried, page))


def _with_instants(path: str, at: str, vs: str) -> str:
    bare, mark, fragment = path.partition("#")
    sign = "&amp;" if "?" in bare else "?"
    beside = f"&amp;vs={quote(vs)}" if vs else ""
    return f"{bare}{sign}at={quote(at)}{beside}{mark}{fragment}"


def _asking(form: str, at: str) -> str:
    if 'method="post"' in form or 'name="at"' in form:
        return form
    field = f'<input type="hidden" name="at" value="{escape(at)}">'
    return form.replace("</form>", f"{field}</form>")
