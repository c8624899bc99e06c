import pytest

from ipamweb.addressing.records import KINDS, Pod, Reading


def pod(**fields: object) -> Pod:
    return Pod(uid="u1", namespace="shop", name="cart-0", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("phase", "host_network", "holds"),
    [
        ("Running", False, True),
        ("Pending", False, True),
        ("Unknown", False, True),
        ("", False, True),
        ("Succeeded", False, False),
        ("Failed", False, False),
        ("Running", True, False),
        ("Failed", True, False),
    ],
)
def test_finished_and_host_network_pods_hold_no_address(
    phase: str, host_network: bool, holds: bool
) -> None:
    assert pod(phase=phase, host_network=host_network).holds_addresses is holds


def test_only_succeeded_and_failed_are_terminal() -> None:
    terminal = [
        phase
        for phase in ("Pending", "Running", "Unknown", "Succeeded", "Failed")
        if pod(phase=phase).is_terminal
    ]

    assert terminal == ["Succeeded", "Failed"]


def test_readings_do_not_share_their_lists() -> None:
    one, other = Reading(), Reading()

    one.pods.append(pod())

    assert other.pods == []


def test_the_kinds_of_allocation_are_those_of_the_data_model() -> None:
    assert set(KINDS) == {
        "pod", "router", "health", "ingress", "node", "gateway", "tunnel", "service",
        "load-balancer", "unknown",
    }  # fmt: skip
