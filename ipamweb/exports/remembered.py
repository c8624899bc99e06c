"""What is made of values that repeat is made once, and not kept without bound."""

from collections.abc import Callable, Iterable
from typing import Any

# Forgotten at this size: memory stays what it is, however long the file.
MOST = 5_000


class Remembered(dict[Any, Any]):
    """What `make` makes of a value, by the value."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __missing__(self, value: Any) -> Any:
        if len(self) >= MOST:
            self.clear()
        made = self[value] = self.make(value)
        return made

    def each(self, values: Iterable[Any]) -> list[Any]:
        return list(map(self.__getitem__, values))
