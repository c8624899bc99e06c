from dataclasses import replace

import pytest

from ipamweb.access import audit, saved_views
from ipamweb.access.models import AuditEntry, SavedView
from ipamweb.access.saved_views import EVERYBODY, TEAM, Content, Wish
from ipamweb.access.teams import Refused
from tests.cast import user
from tests.cast_people import team, viewer

pytestmark = pytest.mark.django_db

HOT = Wish("hot", Content("nodes", {"zone": "eu-a"}, ("name", "zone"), "-slots_used"))
NAMING = Wish("cart", Content("allocations", {"q": "cart"}, names_owners=True))


def test_a_view_is_made_with_one_entry_that_tells_what_it_holds():
    view = saved_views.create(HOT, by=viewer())

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject) == ("view.create", "view victor/hot of nodes")
    assert entry.after_text == (
        '{"columns":["name","zone"],"name":"hot","query":{"zone":"eu-a"},'
        '"shared":"nobody","sort":"-slots_used","table":"nodes"}'
    )
    assert saved_views.wish_of(view) == HOT
    assert audit.verify().broken == ""


def test_a_name_is_once_of_an_owner_and_a_table():
    victor = viewer()
    saved_views.create(HOT, by=victor)
    saved_views.create(replace(HOT, content=Content("pools")), by=victor)
    saved_views.create(HOT, by=viewer("vera"))

    with pytest.raises(Refused, match="You have a view 'hot' of nodes already"):
        saved_views.create(HOT, by=victor)
    assert SavedView.objects.count() == 3


@pytest.mark.parametrize(
    "name", ["", "  ", "a/b", "x" * 64, "a\0b", "turn\u202eed", "bell\x07"]
)
def test_a_name_that_no_link_could_hold_is_refused(name):
    with pytest.raises(Refused, match="view"):
        saved_views.create(replace(HOT, name=name), by=viewer())


def test_blanks_in_a_name_are_single_ones():
    assert saved_views.create(replace(HOT, name=" a \n b "), by=viewer()).name == "a b"


def test_a_change_is_one_entry_and_no_change_is_none():
    victor = viewer()
    view = saved_views.create(HOT, by=victor)

    saved_views.change(view, replace(HOT, name="hotter"), by=victor)
    saved_views.change(view, replace(HOT, name="hotter"), by=victor)

    entries = AuditEntry.objects.filter(act="view.change")
    assert [entry.subject for entry in entries] == ["view victor/hotter of nodes"]
    assert SavedView.objects.get().name == "hotter"


def test_a_view_is_not_renamed_onto_another():
    victor = viewer()
    saved_views.create(HOT, by=victor)
    other = saved_views.create(replace(HOT, name="cold"), by=victor)

    with pytest.raises(Refused, match="already"):
        saved_views.change(other, HOT, by=victor)


def test_what_is_removed_is_told_as_it_was():
    victor = viewer()
    saved_views.remove(saved_views.create(HOT, by=victor), by=victor)

    entry = AuditEntry.objects.get(act="view.remove")
    assert '"zone":"eu-a"' in entry.before_text
    assert not SavedView.objects.exists()


def test_a_view_whose_filters_name_owners_is_not_for_everybody():
    victor = viewer()
    team("web", victor)

    with pytest.raises(Refused, match="Everybody would read the names"):
        saved_views.create(replace(NAMING, shared=EVERYBODY), by=victor)
    made = saved_views.create(replace(NAMING, shared=TEAM, team="web"), by=victor)
    with pytest.raises(Refused, match="Everybody would read the names"):
        saved_views.change(made, replace(NAMING, shared=EVERYBODY), by=victor)


def test_a_view_for_everybody_takes_no_filter_that_names_owners():
    victor = viewer()
    view = saved_views.create(replace(HOT, shared=EVERYBODY), by=victor)
    content = replace(HOT.content, names_owners=True)

    with pytest.raises(Refused, match="Everybody would read the names"):
        saved_views.change(view, Wish("hot", content, shared=EVERYBODY), by=victor)


def test_it_is_shared_with_a_team_of_its_owner_and_by_an_admin_with_any():
    team("web", viewer("vera"))
    shared = replace(HOT, shared=TEAM, team="web")

    with pytest.raises(Refused, match="You are in no team 'web'"):
        saved_views.create(shared, by=viewer())
    assert saved_views.create(shared, by=user()).team.slug == "web"


def test_a_team_that_is_removed_leaves_the_view_with_its_owner():
    victor = viewer()
    web = team("web", victor)
    saved_views.create(replace(HOT, shared=TEAM, team="web"), by=victor)

    web.delete()

    assert saved_views.wish_of(SavedView.objects.get()) == HOT


def test_nobody_has_views_without_number(monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
    victor = viewer()
    saved_views.create(HOT, by=victor)

    with pytest.raises(Refused, match="You have 1 views: remove one first"):
        saved_views.create(replace(HOT, name="more"), by=victor)


@pytest.mark.parametrize("shared", ["", "world", "team"])
def test_another_way_to_share_is_refused(shared):
    with pytest.raises(Refused):
        saved_views.create(replace(HOT, shared=shared), by=viewer())
