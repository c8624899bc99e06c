import pytest
from django.test import Client

from ipamweb.access.models import ClusterConnection
from tests import cast_people
from tests.access.test_pasted import CANARY, kubeconfig
from tests.web.reading import text

PATH = "/admin/clusters/"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.IPAMWEB_ENCRYPTION_KEYS = {"k1": bytes(range(32))}
    return settings


def test_an_admin_adds_a_cluster(reader):
    response = reader.post(
        PATH, {"name": "lab-2", "kubeconfig": kubeconfig()}, follow=True
    )

    assert "lab-2 was added. It appears among the clusters after" in text(response)
    assert ClusterConnection.objects.get().sealed.startswith("v1:k1:")


def test_what_was_pasted_never_comes_back(reader):
    bad = kubeconfig(user="    exec: {command: sh}")

    response = reader.post(PATH, {"name": "lab-2", "kubeconfig": bad})

    assert response.status_code == 400
    assert CANARY not in response.content.decode()
    assert "exec of the user is not taken: it would run a program here" in text(
        response
    )


def test_a_name_that_is_taken_is_one_sentence(reader):
    reader.post(PATH, {"name": "lab-2", "kubeconfig": kubeconfig()})

    response = reader.post(PATH, {"name": "lab-2", "kubeconfig": kubeconfig()})

    assert "there is a cluster 'lab-2' already" in text(response)
    assert ClusterConnection.objects.count() == 1


def test_without_a_key_nothing_is_kept(reader, keys):
    keys.IPAMWEB_ENCRYPTION_KEYS = {}

    response = reader.post(PATH, {"name": "lab-2", "kubeconfig": kubeconfig()})

    assert "IPAMWEB_ENCRYPTION_KEYS is not set" in text(response)
    assert not ClusterConnection.objects.exists()


@pytest.mark.parametrize("make", [cast_people.viewer, cast_people.auditor])
def test_for_who_is_no_admin_there_is_no_such_page(db, make):
    client = Client()
    client.force_login(make())

    assert client.get(PATH).status_code == 404
    assert client.post(PATH, {"name": "x"}).status_code == 404
