"""The map of a pool, level by level, and the panel beside it.

The same page is the map without a picture: a table of the level. In the browser it is
also what a dive fetches. Other spellings of a CIDR lead to its own.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from ipamweb.addressing.ranges import Range, format_address, parse_wide_cidr
from ipamweb.mirror.queries import map_children, map_windows, past_pools, pools
from ipamweb.mirror.queries.map_children import Level
from ipamweb.mirror.queries.pools import PoolRow
from ipamweb.web import drawing, formatting, parameters
from ipamweb.web.drawing import Bar
from ipamweb.web.pages import map_panel, map_rows, map_tile
from ipamweb.web.pages import maps as pages
from ipamweb.web.pages.map_panel import Panel
from ipamweb.web.pages.map_rows import Way
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, Shell, cluster_shell
from ipamweb.web.tiles import Tile
from ipamweb.web.visit import ClusterVisit, cluster_visit

KEPT = ("fill", "q", "view", "at", "vs")


@dataclass(frozen=True, slots=True)
class Asked:
    """A level of a pool, and who asked for it. `way` leads on."""

    here: ClusterVisit
    pool: PoolRow
    level: Level
    way: Way


@gzip_page
@only_reads
def level(
    request: HttpRequest, slug: str, pool_slug: str, address: str, length: int
) -> HttpResponse:
    bounds = _bounds(address, length)
    names = (slug, pool_slug, bounds)
    if (format_address(bounds.first), bounds.prefix_length) != (address, length):
        return HttpResponsePermanentRedirect(_with_query(request, _path("map", *names)))
    asked = _asked(request, slug, pool_slug, bounds)
    if bounds.size == 1 and len(asked.level.path) > 1:
        above = _path("map", slug, pool_slug, asked.level.path[-2])
        return HttpResponseRedirect(f"{above}?{urlencode({'sel': str(bounds)})}")
    return show(request, "map.html", _page(request, asked))


@only_reads
def panel(
    request: HttpRequest, slug: str, pool_slug: str, address: str, length: int
) -> HttpResponse:
    """Answer what stands beside the map, as a page of its own: the browser takes the
    panel out of it."""
    asked = _asked(request, slug, pool_slug, _bounds(address, length))
    page = pages.PanelPage(shell=_shell(asked), panel=_panel(asked))
    return show(request, "map_panel.html", page)


def _page(request: HttpRequest, asked: Asked) -> pages.MapPage:
    here, level = asked.here, asked.level
    slug = here.cluster.slug
    plane, leaf = pages.plane_of(level)
    parent, before, after = pages.neighbours(level)
    fill = parameters.choice(request, "fill", accepted=pages.FILLS, default="slots")
    found = None if plane or level.bounds.size == 1 else _windows(asked)
    blocks = () if found else map_rows.blocks_lines(level, cluster=slug, way=asked.way)
    addresses = map_rows.address_lines(level.addresses, cluster=slug)
    panel = _selected(request, asked)
    return pages.MapPage(
        shell=_shell(asked),
        cluster=slug,
        pool=asked.pool,
        cidr=str(level.bounds),
        plane=plane,
        leaf=leaf,
        ranges=pages.ranges(asked.pool, level, way=asked.way),
        ribbons=pages.ribbons(level, way=asked.way),
        parent=asked.way.to(parent) if parent else "",
        before=asked.way.to(before) if before else "",
        after=asked.way.to(after) if after else "",
        blocks=blocks,
        addresses=addresses,
        windows=found,
        tile=map_tile.of_level(
            level, blocks=blocks, addresses=addresses, way=asked.way, cluster=slug
        ),
        panel=map_panel.beside_windows(panel) if found else panel,
        query=parameters.text(request, "q"),
        fills=tuple(
            pages.FillChoice(value, words, value == fill)
            for value, words in pages.FILLS.items()
        ),
        as_table=parameters.choice(
            request, "view", accepted=("map", "table"), default="map"
        )
        == "table",
        home=asked.way.home,
        blocks_words=_blocks_words(asked.pool),
        total=_total(asked.pool),
    )


def _shell(asked: Asked) -> Shell:
    slug, pool = asked.here.cluster.slug, asked.pool.slug
    path = asked.level.path
    steps = [Crumb(str(step), asked.way.to(step)) for step in path[:-1]]
    return cluster_shell(
        asked.here,
        f"{asked.level.bounds} · map of {pool}",
        section="pools",
        api=asked.here.with_vs(f"children/{asked.level.bounds}/?pool={pool}"),
        crumbs=(
            Crumb("Pools", path_to("pools", slug)),
            Crumb(pool, path_to("pool", slug, pool)),
            *steps,
            Crumb(str(asked.level.bounds)),
        ),
    )


def _selected(request: HttpRequest, asked: Asked) -> Panel:
    """Return the panel of what `sel` names; of the level itself without it."""
    text = parameters.text(request, "sel")
    if not text:
        return replace(_panel(asked), dive="")
    try:
        bounds = parse_wide_cidr(text)
    except ValueError as error:
        raise parameters.NotAccepted(f"sel: {error}.") from error
    return _panel(_asked(request, asked.here.cluster.slug, asked.pool.slug, bounds))


def _panel(asked: Asked) -> Panel:
    cluster = asked.here.cluster.slug
    if asked.level.bounds.size == 1:
        return map_panel.of_address(asked.level, cluster=cluster)
    return map_panel.of_blocks(asked.level, cluster=cluster)


def _windows(asked: Asked) -> pages.WindowsPart:
    here, level = asked.here, asked.level
    found = map_windows.windows(level.bounds, cluster=here.cluster, scope=here.scope)
    tiles: tuple[Tile, ...] = ()
    if found.windows and pages.are_few(found):
        slug = here.cluster.slug
        held = map_windows.rows_in(
            found, blocks=level.blocks, cluster=here.cluster, scope=here.scope
        )
        tiles = tuple(
            map_tile.of_addresses(
                window.range, map_rows.address_lines(rows, cluster=slug), cluster=slug
            )
            for window, rows in zip(found.windows, held, strict=True)
        )
    return pages.windows_part(found, tiles=tiles, way=asked.way)


def _asked(request: HttpRequest, slug: str, pool_slug: str, bounds: Range) -> Asked:
    here = cluster_visit(request, slug, shows_past=True, compares=True)
    here = replace(here, cluster=here.cluster.looked_at(here.at, here.vs))
    if here.at and parameters.text(request, "q"):
        raise parameters.NotAccepted(
            "q: the filter of a map knows the present only; leave it, or leave at."
        )
    pool = _pool(here, pool_slug)
    level = map_children.children(
        bounds, pool=pool_slug, cluster=here.cluster, scope=here.scope
    )
    if level is None:
        raise Http404(f"{bounds} lies in no range of pool {pool_slug}.")
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    home = f"{path_to('pool', slug, pool_slug)}map/"
    way = Way(home, f"?{urlencode(kept)}" if kept else "")
    return Asked(here, pool, level, way)


def _pool(here: ClusterVisit, pool_slug: str) -> PoolRow:
    cluster, scope = here.cluster, here.scope
    if here.at:
        pool = past_pools.bare(pool_slug, cluster=cluster, at=here.at, scope=scope)
    else:
        pool = pools.one(pool_slug, cluster=cluster, scope=scope)
    if pool is None:
        raise Http404(f"There is no pool {pool_slug} in {here.cluster.slug}.")
    return pool


def _bounds(address: str, length: int) -> Range:
    try:
        return parse_wide_cidr(f"{address}/{length}")
    except ValueError as error:
        raise parameters.NotAccepted(f"{error}.") from error


def _path(route: str, slug: str, pool_slug: str, bounds: Range) -> str:
    first = format_address(bounds.first)
    return reverse(route, args=[slug, pool_slug, first, bounds.prefix_length])


def _with_query(request: HttpRequest, path: str) -> str:
    query = request.GET.urlencode()
    return f"{path}?{query}" if query else path


def _total(pool: PoolRow) -> Bar | None:
    """Return how many blocks of all ranges are assigned; None for one range."""
    if len(pool.ranges) < 2 or not pool.blocks_total:
        return None
    return drawing.bar(pool.blocks_assigned, pool.blocks_total)


def _blocks_words(pool: PoolRow) -> str:
    if pool.blocks_total is None:
        return ""
    assigned = formatting.count(pool.blocks_assigned)
    total = formatting.addresses(pool.blocks_total, pool.family)
    return f"{assigned} of {total} blocks assigned"
