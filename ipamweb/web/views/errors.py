"""The pages of what went wrong: one clear sentence each, and no query of the mirror."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from ipamweb.web.rendering import refuse


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = "The request could not be understood."
    return refuse(request, 400, heading="This cannot be asked", words=words)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = "You may not see or do this."
    if isinstance(exception, PermissionDenied) and exception.args:
        words = str(exception)
    return refuse(request, 403, heading="Not allowed", words=words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = "There is no page at this address."
    is_ours = isinstance(exception, Http404) and exception.args
    if is_ours and isinstance(exception.args[0], str):
        words = exception.args[0]
    return refuse(request, 404, heading="Not found", words=words)


def server_error(request: HttpRequest) -> HttpResponse:
    words = "Something went wrong here, and it was logged. Nothing was changed."
    return refuse(request, 500, heading="An error of ours", words=words, find=False)
