"""Teams are made, given a group, and removed by REST, by admins."""

import pytest

from ipamweb.access.models import Team
from tests.api.sending import send
from tests.cast_people import auditor, team, viewer

pytestmark = pytest.mark.django_db


def test_a_team_is_made_given_a_group_and_removed(reader):
    made = send(reader.client, "post", "teams/", {"slug": "web", "name": "Web people"})
    changed = send(reader.client, "patch", "teams/web/", {"group": "web-devs"})
    removed = send(reader.client, "delete", "teams/web/")

    assert (made.status_code, made.json()["name"]) == (201, "Web people")
    assert (changed.json()["group"], changed.json()["members"]) == ("web-devs", [])
    assert (removed.status_code, removed.content) == (204, b"")
    assert not Team.objects.filter(slug="web").exists()


@pytest.mark.parametrize(
    ("method", "path", "body", "why"),
    [
        ("post", "teams/", {"slug": "platform"}, "There is a team platform already."),
        ("post", "teams/", {"slug": "a b"}, "is no name for an address"),
        ("post", "teams/", {}, "slug: This field is required."),
        ("patch", "teams/platform/", {"group": ""}, "platform has no group already."),
        ("patch", "teams/platform/", {"name": "x"}, "name is not known here"),
    ],
)
def test_what_cannot_be_is_refused(reader, method, path, body, why):
    answer = send(reader.client, method, path, body)

    assert answer.status_code == 400
    assert why in answer.json()["error"]["message"]


@pytest.mark.parametrize("make", [viewer, auditor])
def test_for_others_there_is_nothing_to_change(reader, make):
    member = make("vera")
    team("web", admin=member)
    reader.client.force_login(member)

    statuses = {
        send(reader.client, "post", "teams/", {"slug": "new"}).status_code,
        send(reader.client, "patch", "teams/web/", {"group": "x"}).status_code,
        send(reader.client, "delete", "teams/web/").status_code,
    }

    assert statuses == {404}
    assert set(Team.objects.values_list("slug", flat=True)) == {"platform", "web"}
