import pytest

from ipamweb.access import saved_views
from ipamweb.access.models import AuditEntry, SavedView, User
from ipamweb.access.saved_views import Content, Wish
from tests.cast_people import team, viewer
from tests.web.reading import links, text

VIEWS = "/account/views/"
ALLOCATIONS = "/clusters/prod-eu/allocations/"
SAVE = {
    "act": "create",
    "table": "allocations",
    "name": "my pods",
    "shared": "nobody",
    "back": ALLOCATIONS,
    "content.kind": "pod",
    "content.family": "4",
    "content.columns": "node,address",
}


@pytest.fixture
def ada(everybody, reader):
    return User.objects.get(username="ada")


def kept(name="hot", table="allocations", owner=None, **more):
    content = Content(
        table, more.pop("query", {}), tuple(more.pop("columns", "").split())
    )
    owner = owner or User.objects.get(username="ada")
    return saved_views.create(Wish(name, content, **more), by=owner)


def test_saving_leads_back_to_the_table_with_the_view_open(ada, reader):
    response = reader.post(VIEWS, SAVE)

    assert response["Location"] == f"{ALLOCATIONS}?view=my+pods"
    view = SavedView.objects.get()
    assert (view.query, view.columns) == (
        {"family": "4", "kind": "pod"},
        ["node", "address"],
    )
    page = text(reader.get(response["Location"]))
    assert "View my pods · Leave it" in page
    assert "worker-a 10.0.0.19" in page
    assert "10.0.0.18" not in page


def test_what_is_asked_goes_before_what_a_view_stores(ada, reader):
    kept(query={"kind": "pod", "family": "4"}, columns="address")

    page = text(reader.get(f"{ALLOCATIONS}?view=hot&kind=health&columns="))

    assert "10.0.0.18 hc health check" in page
    assert "10.0.0.19" not in page
    assert "fd00::" not in page
    assert "View hot, changed since it was opened" in page


def test_an_empty_filter_takes_away_what_a_view_stores(ada, reader):
    kept(query={"kind": "health"})

    assert "10.0.0.19 pod" in text(reader.get(f"{ALLOCATIONS}?view=hot&kind="))


def test_links_of_a_view_keep_it(ada, reader):
    kept(query={"kind": "pod"})

    found = links(reader.get(f"{ALLOCATIONS}?view=hot&limit=2"))

    (following,) = [link for link in found if "cursor=" in link]
    assert "view=hot" in following
    assert reader.get(following).status_code == 200


def test_the_menu_names_own_views_first_and_the_open_one(ada, reader):
    kept()
    kept("all", owner=viewer(), shared="everybody")

    response = reader.get(f"{ALLOCATIONS}?view=victor/all")

    assert "Views hot victor/all Columns" in text(response)
    assert "View victor/all · Leave it" in text(response)
    assert f"{ALLOCATIONS}?view=victor%2Fall" in links(response)


@pytest.mark.parametrize("key", ["nothing", "victor/mine", "victor/", "/", "x" * 400])
def test_a_view_of_others_is_not_there_like_one_that_is_not(ada, reader, key):
    kept("mine", owner=viewer())

    response = reader.get(ALLOCATIONS, {"view": key})

    assert response.status_code == 404
    assert "There is no view" in text(response)
    assert "of allocations that you may open." in text(response)


def test_an_open_view_of_ones_own_can_take_the_changes(ada, reader):
    number = kept(query={"kind": "pod"}).pk
    reader.post(VIEWS, {**SAVE, "act": "", "change": number, "name": "warm"})

    view = SavedView.objects.get()
    assert (view.name, view.query["family"]) == ("warm", "4")
    assert AuditEntry.objects.filter(act="view.change").count() == 1


def test_a_name_is_changed_without_the_rest(ada, reader):
    number = kept(query={"kind": "pod"}, columns="address").pk

    response = reader.post(
        VIEWS, {"change": number, "name": "warm", "shared": "everybody"}, follow=True
    )

    assert "The view was changed." in text(response)
    view = SavedView.objects.get()
    assert (view.name, view.everybody) == ("warm", True)
    assert (view.query, view.columns) == ({"kind": "pod"}, ["address"])


def test_views_are_listed_with_what_they_hold_and_ways_to_open_them(ada, reader):
    team("web", ada)
    kept(query={"kind": "pod"}, columns="node address", shared="team", team="web")
    kept("all", "findings", owner=viewer(), shared="everybody")
    kept("rest", "blocks")

    response = reader.get(VIEWS)

    page = text(response)
    assert "hot allocations kind=pod, columns=node,address team web" in page
    assert "victor/all findings the usual you, by victor" in page
    assert "rest blocks the usual nobody" in page
    assert f"{ALLOCATIONS}?view=hot" in links(response)
    assert "/findings/?view=victor%2Fall" in links(response)


def test_a_view_is_removed(ada, reader):
    number = kept().pk

    response = reader.post(VIEWS, {"act": "remove", "view": number}, follow=True)

    assert "The view was removed." in text(response)
    assert not SavedView.objects.exists()


def test_views_of_others_are_neither_changed_nor_removed(everybody, client):
    client.force_login(viewer("vera"))
    owner = viewer()
    shared = kept(owner=owner, shared="everybody").pk
    mine = kept("mine", owner=owner).pk

    for form in ({"act": "remove", "view": shared}, {"change": shared, "name": "x"}):
        assert client.post(VIEWS, form).status_code == 400
    for form in ({"act": "remove", "view": mine}, {"change": mine, "name": "x"}):
        assert client.post(VIEWS, form).status_code == 404
    assert {view.name for view in SavedView.objects.all()} == {"hot", "mine"}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": ""}, "A view has a name of at most 63 letters."),
        ({"name": "a/b"}, "The name of a view holds no slash"),
        ({"table": "users"}, "There is no such table."),
        ({"content.owner__password": "x"}, "There is no filter 'owner__password'"),
        ({"content.kind": "spaceship"}, "kind: 'spaceship' is not accepted."),
        ({"content.columns": "password"}, "columns: 'password' is not accepted"),
        ({"content.sort": "address"}, "There is no order 'address' of allocations"),
        ({"shared": "team:nothing"}, "You are in no team 'nothing'."),
        (
            {"content.q": "cart", "shared": "everybody"},
            "Everybody would read the names",
        ),
    ],
)
def test_what_cannot_be_saved_is_one_sentence(ada, reader, form, words):
    response = reader.post(VIEWS, {**SAVE, **form})

    assert response.status_code == 400
    assert words in text(response)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org/", "javascript:x", "", "/x?y=1"]
)
def test_saving_leads_nowhere_else(ada, reader, back):
    assert reader.post(VIEWS, {**SAVE, "back": back})["Location"] == VIEWS


def test_the_account_names_the_views_of_its_user(ada, reader):
    kept()

    response = reader.get("/account/")

    assert "Saved views hot of allocations All views" in text(response)


def test_what_a_form_would_save_is_told_before(ada, reader):
    page = text(reader.get(f"{ALLOCATIONS}?kind=pod&columns=address&at="))
    naming = text(reader.get(f"{ALLOCATIONS}?q=cart"))

    assert "It holds kind=pod, columns=address. Name" in page
    assert "everybody Who opens it" in page
    assert "They name owners, so it can be shared with a team" in naming


@pytest.mark.parametrize("name", ["<script>alert(1)<br>", "' onload=x \"", "&amp;"])
def test_a_hostile_name_is_shown_and_does_nothing(ada, reader, name):
    kept(name, query={"q": name})

    for path in (VIEWS, ALLOCATIONS, "/account/"):
        response = reader.get(path)
        assert name in text(response)
        assert "<script>alert" not in response.content.decode()
