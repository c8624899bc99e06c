"""Every other path below /api/v1/: 401, then a slash that was left out, then 404."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from ipamweb.api.question import JsonOnly


class Unknown(APIView):
    schema = None
    content_negotiation_class = JsonOnly

    def get(self, request: Request, path: str) -> HttpResponse:
        if not path.endswith("/") and _is_known(f"{request.path_info}/"):
            query = request.META["QUERY_STRING"]
            return HttpResponseRedirect(
                f"{request.path}/{'?' + query if query else ''}"
            )
        raise NotFound

    def post(self, request: Request, path: str) -> HttpResponse:
        raise NotFound

    put = patch = delete = post


def _is_known(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "cls", None) is not Unknown
    except Resolver404:
        return False
