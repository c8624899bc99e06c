"""AddressField: an address of either family in 16 bytes that sort like the address.

IPv4 is mapped into ::ffff:0:0/96 (addressing/ranges.py), so one index and one
comparison serve both families on SQLite (BLOB) and PostgreSQL (bytea) alike.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    BytesSeenAsInteger = models.BinaryField[int, int]
else:
    BytesSeenAsInteger = models.BinaryField


class AddressField(BytesSeenAsInteger):
    """Stores the 128-bit integer of an address; Python sees the integer."""

    description = "an IP address of either family"

    def __init__(self, **options: Any) -> None:
        options["max_length"] = 16
        options.setdefault("editable", True)
        super().__init__(**options)

    def from_db_value(self, value: Any, *_: object) -> int | None:
        return None if value is None else int.from_bytes(value, "big")

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> bytes | None:
        return value.to_bytes(16, "big") if isinstance(value, int) else value

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        return super().get_db_prep_value(
            self.get_prep_value(value), connection, prepared
        )
