"""What a reader may not see changes nothing of what the reader gets.

Two worlds that differ only in names, UIDs, labels and workloads outside the scope of
the reader give the same body, headers and status on every GET.
"""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from ipamweb.access import visibility
from ipamweb.access.models import User
from ipamweb.mirror.models import Namespace
from ipamweb.web import visit
from tests import cast
from tests.access import worlds
from tests.cast_people import owns, team, viewer
from tests.published import ANSWERS, DOORS, PAGES, REST

P = "/clusters/prod-eu/"
API = "/api/v1/clusters/prod-eu/"
SHOP_POD, BATCH_POD, OLD_POD = cast.uid(421), cast.uid(431), cast.uid(451)
MAP = f"{P}pools/cilium-cluster-pool-v4/map/"
EXPORTS = (
    "allocations.csv?cluster=prod-eu", "allocations.ndjson", "allocations.json?q=cart",
    "allocations.csv?namespace=shop", f"allocations.csv?uid={SHOP_POD}",
    "allocations.ndjson?at=2026-11-22T12:15:00Z", "nodes.csv", "nodes.ndjson",
    "allocations.csv?since=2026-11-22T12:00:00Z&q=old", "pools.csv", "blocks.ndjson",
    "pools.csv?q=10.0.0.35",
    "findings.ndjson", "findings.csv", "usage.csv", "usage.ndjson?scope=namespace",
    "audit.csv",
)  # fmt: skip
# What a curious reader would ask: by hidden names, UIDs and addresses.
CURIOUS = (
    f"{P}live?since=2", f"{P}live?since=7", f"{P}live?since=0", f"{P}wall?metric=age",
    f"{MAP}10.0.0.32/28", f"{MAP}10.0.0.32/28/panel", f"{MAP}10.0.0.39/32/panel",
    f"{MAP}10.0.0.0/20?q=ns:shop", f"{MAP}10.0.0.32/28?q=cart",
    f"{P}nodes/worker-b/", f"{P}nodes/worker-b/?fill=ns", f"{P}nodes/?q=cart",
    f"{P}nodes/worker-b/?fill=ns&ns=shop", f"{P}nodes/worker-b/?fill=age",
    f"{P}ns/batch/", f"{P}ns/other-97/", f"{P}ns/?q=sh", f"{P}ns/?sort=-allocated_v4",
    f"{P}pods/shop/cart-0/", f"{P}pods/batch/old-1/", f"{P}pods/other-97/x-578/",
    f"{P}pod/{SHOP_POD}/", f"{P}pod/{OLD_POD}/", f"{P}pod/{cast.uid(8421)}/",
    f"{P}ip/10.0.0.35", f"{P}ip/10.0.0.35?at=2026-11-22T12:15:00Z", f"{P}ip/10.0.0.40",
    f"{P}ip/10.0.0.39?at=2026-11-22T13:15:00Z", f"{P}problems/?resolved=1",
    "/ip/10.0.0.35", "/search?q=shop", "/search?q=cart-0", "/search?q=shop/cart",
    f"/search?q={SHOP_POD}", "/search?q=10.0.0.35", "/search?q=other",
    "/search/suggestions?q=ca", "/search/suggestions?q=10.0.0.39",
    "/search/suggestions?q=shop/",
    f"{API}pools/cilium-cluster-pool-v4/blocks.bin", f"{API}cells/10.0.0.32/28/",
    f"{API}children/10.0.0.0/20/", f"{API}children/10.0.0.32/28/",
    f"{API}mask/10.0.0.0/20/?q=ns:shop", f"{API}mask/10.0.0.32/28/?q=cart",
    f"{API}mask/10.0.0.32/28/?q=pod:cart", f"{API}mask/10.0.0.32/28/?q=shop/cart",
    f"{API}windows/fd00::/116/", f"{API}namespaces/", f"{API}namespaces/shop/",
    f"{API}namespaces/?q=a", f"{API}pods/?namespace=shop", f"{API}pods/?q=x-",
    f"{API}pods/{SHOP_POD}/", f"{API}pods/{OLD_POD}/", f"{API}nodes/worker-b/",
    f"{API}allocations/?namespace=shop", f"{API}allocations/?namespace=nothing",
    f"{API}allocations/?pod=cart-0", f"{API}allocations/?q=cart",
    f"{API}allocations/?uid={BATCH_POD}", f"{API}allocations/?workload_name=x",
    f"{API}allocations/?q=shop/cart", f"{API}allocations/?limit=3",
    f"{API}allocations/?node=worker-b", f"{API}allocations/?kind=pod",
    f"{API}addresses/10.0.0.35/", f"{API}addresses/10.0.0.40/",
    f"{API}addresses/10.0.0.35/?at=2026-11-22T12:15:00Z",
    "/api/v1/addresses/10.0.0.35/", "/api/v1/usage/?scope=namespace",
    "/api/v1/usage/?name=shop", f"/api/v1/usage/?scope_id={cast.uid(102)}",
    f"{API}allocations/?since=2026-11-22T12:00:00Z&until=2026-11-22T14:00:00Z",
    f"{API}allocations/?at=2026-11-22T12:15:00Z&namespace=batch",
    "/api/v1/ip-hours/?month=2026-11", "/api/v1/export/ip-hours.csv?month=2026-11",
    "/findings/?age=day", "/findings/?state=all&age=week", "/api/v1/findings/?age=day",
    "/findings/?namespace=shop", "/api/v1/findings/?namespace=shop",
    "/findings/77/", "/findings/78/", "/findings/79/", "/findings/news?state=all",
    "/findings/?rule=F06", "/findings/?state=open", "/api/v1/findings/?rule=F06",
    "/api/v1/clusters/?q=prod&stale=false", "/api/v1/clusters/?system=cilium",
    f"{API}pools/?q=10.0.0.35", f"{API}blocks/?system=cilium",
    f"{API}problems/?kind=pods", f"{API}runs/?outcome=ok",
    f"{API}gaps/?since=2026-11-22T13:00:00Z&until=2026-11-22T14:00:00Z",
    "/api/v1/findings/77/", "/api/v1/findings/78/", "/api/v1/findings/79/",
    "/api/v1/findings/?limit=1000",
    f"{API}reservations/", "/api/v1/nowhere/",
    f"{P}allocations/?namespace=shop", f"{P}allocations/?q=cart",
    f"{P}allocations/?view=olga/mine", f"{P}allocations/?view=mine",
    f"{P}allocations/?view=olga/all", f"{P}allocations/?columns=owner,namespace",
    f"{API}allocations/?view=olga/mine", f"{API}allocations/?view=olga/all",
    f"{API}allocations/?view=olga/of-team", f"{P}allocations/?view=olga/of-team",
    "/api/v1/views/?table=allocations", "/api/v1/views/801/", "/api/v1/views/802/",
    "/api/v1/views/803/", f"{P}nodes/?view=olga/mine", "/findings/?view=olga/mine",
    f"{P}ns/?columns=namespace,labels", f"{P}ns/?view=olga/mine",
    *(f"/api/v1/export/{each}" for each in EXPORTS),
)  # fmt: skip
AT = "at=2026-11-22T13:45:00Z"
IN_THE_PAST = tuple(
    f"{path}{'&' if '?' in path else '?'}{AT}"
    for path in (*PAGES.values(), *ANSWERS.values(), *REST, *CURIOUS)
    if "at=" not in path
)
# Two instants between which an owner left, another came, and one may have been both.
BESIDE = f"{AT}&vs=2026-11-22T12:20:00Z"
COMPARED = tuple(
    f"{path}{'&' if '?' in path else '?'}{BESIDE}"
    for path in (
        f"{MAP}10.0.0.0/20", f"{MAP}10.0.0.32/28", f"{MAP}10.0.0.32/28/panel",
        f"{MAP}10.0.0.35/32/panel", f"{P}nodes/", f"{P}nodes/?q=cart", f"{P}pools/",
        f"{P}ns/", f"{P}ns/?q=sh", f"{P}nodes/worker-b/",
        f"{API}pools/cilium-cluster-pool-v4/blocks.bin", f"{API}cells/10.0.0.32/28/",
        f"{API}children/10.0.0.0/20/", f"{API}children/10.0.0.32/28/",
        f"{API}allocations/", f"{API}allocations/?namespace=shop",
        f"{API}allocations/?pod=cart-0", f"{API}allocations/?q=cart",
        f"{API}allocations/?uid={OLD_POD}", f"{API}allocations/?address=10.0.0.35",
        f"{API}nodes/", f"{API}pools/", f"{API}namespaces/", f"{API}namespaces/?q=ba",
    )
)  # fmt: skip
EVERY_GET = (
    *PAGES.values(), *ANSWERS.values(), *DOORS.values(), *REST, *CURIOUS,
    *IN_THE_PAST, *COMPARED,
)  # fmt: skip
# They differ from one request to the next.
BY_CHANCE = {"Date", "Expires", "X-Request-Id", "Set-Cookie", "Ipamweb-Export"}


@pytest.fixture(autouse=True)
def stopped_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "present", lambda: cast.NOW)
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


def asked(client: Client, path: str) -> tuple[int, dict[str, str], str]:
    """Return the status, the headers and the body of an answer, less what is chance."""
    answer = client.get(path)
    headers = {name: value for name, value in answer.items() if name not in BY_CHANCE}
    return answer.status_code, headers, body(answer)


def body(answer: HttpResponse) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    text = re.sub('"export":[0-9]+', "", content.decode("latin-1"))
    text = text.replace(answer.get("X-Request-Id", "no such id"), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def told_apart(reader: User) -> list[str]:
    """Return the paths whose answers to a reader tell the worlds apart."""
    client = Client(raise_request_exception=False)
    client.force_login(reader)
    first = {path: asked(client, path) for path in EVERY_GET}
    worlds.disguise(visibility.scope(reader))
    return [path for path in first if asked(client, path) != first[path]]


@pytest.mark.slow
def test_a_viewer_with_a_team_learns_nothing_of_others():
    worlds.insert()
    reader = viewer()
    owns(team("web", reader), "default")

    assert told_apart(reader) == []


@pytest.mark.slow
def test_a_viewer_without_a_team_learns_no_name():
    worlds.insert()

    assert told_apart(viewer()) == []


def test_the_worlds_differ_for_who_sees_everything():
    worlds.insert()
    admin = cast.user()
    client = Client()
    client.force_login(admin)
    paths = (f"{P}ns/", f"{P}nodes/worker-b/", "/search?q=shop", f"{API}pods/")
    first = [asked(client, path) for path in paths]
    worlds.disguise(visibility.scope(viewer()))

    second = [asked(client, path) for path in paths]

    assert [one for one, other in zip(first, second, strict=True) if one == other] == []


def test_what_a_team_owns_is_the_same_row_in_either_world():
    worlds.insert()
    reader = viewer()
    owns(team("web", reader), "default")
    worlds.disguise(visibility.scope(reader))

    assert visibility.scope(reader).namespaces == {(1, cast.uid(101))}
    assert Namespace.objects.get(uid=cast.uid(101)).name == "default"
