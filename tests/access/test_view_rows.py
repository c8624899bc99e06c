import pytest

from ipamweb.access import saved_views, view_rows
from ipamweb.access.models import Membership, SavedView, User
from ipamweb.access.saved_views import Content, Wish
from ipamweb.mirror.queries.paging import Window
from tests import cast
from tests.cast_people import auditor, team, viewer

pytestmark = pytest.mark.django_db


def view(owner: User, name: str = "hot", **sharing: str) -> SavedView:
    return saved_views.create(Wish(name, Content("nodes"), **sharing), by=owner)


def keys(reader: User) -> list[str]:
    return [row.key for row in view_rows.beside(reader, "nodes").views]


def test_own_views_stand_first_and_are_opened_by_their_name():
    victor, vera = viewer(), viewer("vera")
    view(vera, "all", shared="everybody")
    view(victor)

    assert keys(victor) == ["hot", "vera/all"]
    assert keys(vera) == ["all"]


def test_a_view_of_nobody_else_is_not_there_for_anybody_else():
    mine = view(viewer())

    for reader in (viewer("vera"), auditor(), cast.user()):
        assert keys(reader) == []
        assert view_rows.found(mine.pk, user=reader) is None
        assert view_rows.named("victor/hot", table="nodes", user=reader) is None


def test_an_own_view_goes_before_one_of_the_same_name():
    victor, vera = viewer(), viewer("vera")
    view(victor)
    view(vera, shared="everybody")

    found = view_rows.named("hot", table="nodes", user=victor)
    others = view_rows.named("vera/hot", table="nodes", user=victor)

    assert found
    assert found.owner == "victor"
    assert others
    assert others.owner == "vera"
    assert view_rows.named("victor/hot", table="nodes", user=victor) == found


def test_a_name_that_is_not_ones_own_needs_its_owner():
    view(viewer("vera"), shared="everybody")

    assert view_rows.named("hot", table="nodes", user=viewer()) is None


def test_a_view_is_of_its_table_only():
    victor = viewer()
    view(victor)

    assert view_rows.named("hot", table="pools", user=victor) is None


def test_a_view_of_a_team_is_for_its_members_while_its_owner_is_one():
    victor, vera, other = viewer(), viewer("vera"), viewer("olga")
    web = team("web", victor, vera)
    view(victor, shared="team", team="web")

    assert (keys(vera), keys(other)) == (["victor/hot"], [])
    Membership.objects.get(team=web, user=victor).delete()
    assert (keys(vera), keys(victor)) == ([], ["hot"])


def test_an_admin_shares_with_a_team_without_being_in_it():
    vera = viewer("vera")
    team("web", vera)
    view(cast.user(), shared="team", team="web")

    assert keys(vera) == ["ada/hot"]


def test_what_was_shared_goes_on_when_its_owner_is_switched_off():
    victor, vera = viewer(), viewer("vera")
    view(victor, shared="everybody")
    User.objects.filter(pk=victor.pk).update(is_active=False)

    assert keys(vera) == ["victor/hot"]


def test_views_go_with_a_user_who_is_removed():
    victor = viewer()
    view(victor, shared="everybody")

    victor.delete()

    assert keys(viewer("vera")) == []


def test_a_view_is_changed_by_its_owner_and_removed_by_admins_too():
    victor, vera, ada = viewer(), viewer("vera"), cast.user()
    shared = view(victor, shared="everybody")

    assert [view_rows.may_change(each, shared) for each in (victor, vera, ada)] == [
        True, False, False,
    ]  # fmt: skip
    assert [view_rows.may_remove(each, shared) for each in (victor, vera, ada)] == [
        True, False, True,
    ]  # fmt: skip


def test_beside_a_table_stand_the_teams_that_one_can_share_with():
    victor = viewer()
    team("web", victor)
    team("shop")

    assert view_rows.beside(victor, "nodes").teams == (("web", "Web"),)
    assert view_rows.beside(cast.user(), "nodes").teams == (
        ("shop", "Shop"), ("web", "Web"),
    )  # fmt: skip


def test_lists_are_by_table_and_name():
    victor = viewer()
    for name in ("b", "a"):
        view(victor, name)
    saved_views.create(Wish("z", Content("blocks")), by=victor)

    found = view_rows.listed(victor, window=Window(limit=2))

    assert [(row.table, row.name) for row in found.rows] == [
        ("blocks", "z"), ("nodes", "a"),
    ]  # fmt: skip
    following = view_rows.listed(victor, window=Window(cursor=found.next))
    assert [row.name for row in following.rows] == ["b"]
