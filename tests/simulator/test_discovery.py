from ipamweb.simulator.kinds import CILIUM_GROUP
from ipamweb.simulator.server import Simulator
from tests.simulator.asking import ask


def test_old_clients_get_the_plain_lists(empty: Simulator) -> None:
    assert ask(empty, "/api").json["versions"] == ["v1"]
    groups = [group["name"] for group in ask(empty, "/apis").json["groups"]]
    assert groups == ["authorization.k8s.io", "cilium.io"]
    resources = ask(empty, "/apis/cilium.io/v2").json["resources"]
    assert [each["name"] for each in resources] == ["ciliumendpoints", "ciliumnodes"]
    assert ask(empty, "/api/v1").json["groupVersion"] == "v1"


def test_a_group_that_is_not_installed_is_not_discovered(empty: Simulator) -> None:
    empty.drop_group(CILIUM_GROUP)
    groups = [group["name"] for group in ask(empty, "/apis").json["groups"]]
    assert groups == ["authorization.k8s.io"]
    assert ask(empty, "/apis/cilium.io/v2").status == 404


def test_there_is_no_openapi_and_it_says_so_plainly(empty: Simulator) -> None:
    assert ask(empty, "/openapi/v3").body == b"404 page not found\n"
