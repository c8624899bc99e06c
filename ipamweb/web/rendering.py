"""Turn a page's dataclass into an answer, with the headers that every page carries."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from ipamweb.logs import request_id
from ipamweb.mirror.queries.paging import BadCursor
from ipamweb.tables.table import NotOfTable
from ipamweb.web import formatting
from ipamweb.web.carrying import carry
from ipamweb.web.parameters import NotAccepted
from ipamweb.web.shell import Shell

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


class PageWithShell(Protocol):
    @property
    def shell(self) -> Shell: ...


def show(
    request: HttpRequest, template: str, page: PageWithShell, *, status: int = 200
) -> HttpResponse:
    response = render(request, template, {"page": page}, status=status)
    shell = page.shell
    if shell.past:
        response.content = carry(
            response.content.decode(), at=shell.past.at, vs=shell.past.vs
        )
    if shell.api_path:
        response["Link"] = (
            f'<{shell.api_path}>; rel="alternate"; type="application/json"'
        )
    if shell.cluster and shell.cluster.freshness.as_of:
        as_of = formatting.machine_time(shell.cluster.freshness.as_of)
        response["Ipamweb-As-Of"] = as_of
    patch_cache_control(response, private=True, no_cache=True)
    return response


def refuse(
    request: HttpRequest, status: int, *, heading: str, words: str, find: bool = True
) -> HttpResponse:
    """Return a page that says in one sentence why there is no other; `find`: with the
    find box, for a reader who is signed in."""
    context = {
        "status": status,
        "heading": heading,
        "words": words,
        "request_id": request_id.get(),
        "signed_in": find and _is_signed_in(request),
    }
    return render(request, "error.html", context, status=status)


def only_reads(view: View[Rest]) -> View[Rest]:
    """Let a view answer GET and HEAD alone, and a bad parameter by a sentence."""
    return require_safe(_in_sentences(view))


def reads_and_acts(view: View[Rest]) -> View[Rest]:
    """The same of a view that also does what a form asks, by POST."""
    return require_http_methods(["GET", "HEAD", "POST"])(_in_sentences(view))


def _in_sentences(view: View[Rest]) -> View[Rest]:
    @wraps(view)
    def answer(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        try:
            if "\0" in request.path_info:
                # PostgreSQL takes no NUL: nothing has it in its name.
                raise NotAccepted("A path holds no NUL character.")
            if request.method == "POST" and any("\0" in v for v in _posted(request)):
                raise NotAccepted("A form holds no NUL character.")
            return view(request, *args, **kwargs)
        except (BadCursor, NotAccepted, NotOfTable) as error:
            words = f"cursor: {error}." if isinstance(error, BadCursor) else str(error)
            return refuse(request, 400, heading="This cannot be asked", words=words)

    return answer


def _posted(request: HttpRequest) -> Iterator[str]:
    for _, values in request.POST.lists():
        yield from map(str, values)


def _is_signed_in(request: HttpRequest) -> bool:
    # A request that failed early was not yet looked at for a user.
    return hasattr(request, "user") and request.user.is_authenticated
