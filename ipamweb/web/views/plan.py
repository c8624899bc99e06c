"""The address plan of all clusters."""

from django.http import HttpRequest, HttpResponse

from ipamweb.addressing.ranges import Range, parse_cidr
from ipamweb.mirror.queries import clusters, plan
from ipamweb.web import parameters
from ipamweb.web.pages.plan import plan_page
from ipamweb.web.parameters import NotAccepted
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit


@only_reads
def address_plan(request: HttpRequest) -> HttpResponse:
    here = visit(request)
    base = _base(request)
    known = clusters.every(scope=here.scope, now=here.now)
    page = plan_page(
        plan.ranges(known, scope=here.scope),
        clusters=known,
        base=base,
        shell=plain_shell(here, "Address plan", followed=known),
    )
    return show(request, "plan.html", page)


def _base(request: HttpRequest) -> Range | None:
    text = parameters.text(request, "base")
    try:
        return parse_cidr(text) if text else None
    except ValueError as error:
        raise NotAccepted(f"base: {error}.") from error
