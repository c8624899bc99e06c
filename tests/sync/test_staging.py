"""What waits on disk until a list is whole comes back as it was, by group."""

from datetime import UTC, datetime

import pytest

from ipamweb.addressing import records
from ipamweb.sync import staging
from ipamweb.sync.changes import Seen

POD = records.Pod(
    "uid-1", "default", "web", "worker-a", "Running", False, (2**48 - 1, 2**127),
    "Deployment", "web", datetime(2026, 11, 22, 12, 0, 36, tzinfo=UTC),
    datetime(2026, 11, 22, 11, 59, 59, tzinfo=UTC), "1001",
)  # fmt: skip
PENDING = records.Pod("uid-2", "default", "job", resource_version="1002")
ENDPOINT = records.Endpoint(
    "uid-3", "default", "web", "uid-1", 2**40, "ready", (2**48 - 1,), "1003"
)


@pytest.mark.parametrize("pod", [POD, PENDING], ids=["full", "pending"])
def test_a_pod_comes_back_as_it_was(pod: records.Pod) -> None:
    fields = staging.pod_fields(pod)
    packed = staging.pack(pod.uid, pod.resource_version, 7, fields)

    assert staging.unpack_pod(packed).as_seen() == Seen(0, pod, "list", 7)


def test_an_endpoint_comes_back_as_it_was() -> None:
    fields = staging.endpoint_fields(ENDPOINT)
    packed = staging.pack(ENDPOINT.uid, ENDPOINT.resource_version, 7, fields)

    assert staging.unpack_endpoint(packed).as_seen() == Seen(0, ENDPOINT, "list", 7)


def test_what_was_staged_comes_out_group_by_group() -> None:
    staged = staging.Staged()
    for group, name in [("b", "1"), ("a", "2"), ("b", "3"), ("a", "4")]:
        staged.add(group, (name,))

    assert [each for (each,) in staged.by_group()] == ["2", "4", "1", "3"]
    assert len(staged) == 4
    staged.close()


def test_the_fields_of_equal_pods_are_equal_bytes() -> None:
    again = records.Pod(
        "other-uid", "".join(["de", "fault"]), "web", "worker-a", "Running", False,
        (2**48 - 1, 2**127), "Deployment", "web",
        datetime(2026, 11, 22, 12, 0, 36, tzinfo=UTC),
        datetime(2026, 11, 22, 11, 59, 59, tzinfo=UTC), "9999",
    )  # fmt: skip

    assert staging.pod_fields(POD) == staging.pod_fields(again)


@pytest.mark.parametrize(
    "change",
    [
        {"phase": "Failed"}, {"node": "worker-b"}, {"addresses": ()},
        {"host_network": True}, {"terminating_at": None}, {"workload_name": "w"},
    ],
    ids=str,
)  # fmt: skip
def test_whatever_is_mirrored_changes_the_digest(change: dict[str, object]) -> None:
    other = POD._replace(**change)

    assert staging.digest(staging.pod_fields(POD)) != staging.digest(
        staging.pod_fields(other)
    )


def test_a_digest_fits_a_signed_column() -> None:
    digests = [staging.digest(bytes([byte])) for byte in range(256)]

    assert all(-(2**63) <= each < 2**63 for each in digests)
    assert any(each < 0 for each in digests)
