import pytest

from ipamweb.simulator.shelf import (
    ADDED,
    DELETED,
    UNPACKED,
    Change,
    Shelf,
    Slice,
    Stored,
    TooOld,
)


def stored(name: str, version: int = 1) -> Stored:
    body = b'{"metadata":{"name":"%b","labels":{"app":"web"}}}' % name.encode()
    return Stored("shop", name, f"uid-{name}", version, body, {})


def add(shelf: Shelf, name: str, version: int) -> None:
    shelf.record(Change(version, ADDED, stored(name, version), None))


def remove(shelf: Shelf, name: str, version: int) -> None:
    previous = shelf.objects[f"shop/{name}"]
    shelf.record(Change(version, DELETED, stored(name, version), previous))


def names(shelf: Shelf, version: int, **where: int) -> list[str]:
    found, _ = shelf.read(Slice("pods", version, **where))
    return [each.name for each in found]


def test_every_version_in_the_log_can_be_read() -> None:
    shelf = Shelf()
    add(shelf, "b", 2)
    add(shelf, "a", 3)
    remove(shelf, "b", 4)
    assert [names(shelf, version) for version in (1, 2, 3, 4)] == [
        [], ["b"], ["a", "b"], ["a"]
    ]  # fmt: skip


def test_what_remains_is_counted_as_of_the_version() -> None:
    shelf = Shelf()
    for version, name in enumerate("abcd", start=2):
        add(shelf, name, version)
    remove(shelf, "c", 6)
    add(shelf, "bb", 7)
    found, remaining = shelf.read(Slice("pods", 5, limit=1))
    assert ([each.name for each in found], remaining) == (["a"], 3)


def test_a_forgotten_version_cannot_be_read() -> None:
    shelf = Shelf()
    add(shelf, "a", 2)
    add(shelf, "b", 3)
    shelf.forget(2)
    assert names(shelf, 2) == ["a"]
    with pytest.raises(TooOld) as caught:
        shelf.read(Slice("pods", 1))
    assert caught.value.oldest == 2


def test_the_log_keeps_no_more_than_twice_its_window() -> None:
    shelf = Shelf(window=3)
    for version in range(1, 9):
        add(shelf, f"pod-{version}", version)
    assert shelf.oldest == 4
    assert [change.version for change in shelf.changes(4)] == [5, 6, 7, 8]


def test_objects_beyond_the_first_thousands_are_kept_packed() -> None:
    shelf = Shelf()
    shelf.load(stored(f"pod-{number:05d}") for number in range(UNPACKED + 1))
    last = shelf.objects[f"shop/pod-{UNPACKED:05d}"]
    assert last.body == stored(f"pod-{UNPACKED:05d}").body
    assert len(last.content) < len(last.body)
