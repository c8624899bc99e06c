"""The tables of the audit log: its entries, and the head where the next one goes on.

No key leads out of them: a user or a cluster that is removed leaves its entries whole.
A trigger refuses UPDATE and DELETE (migrations); rows are written by audit.py alone.
"""

import json
from typing import Any

from django.db import models


class AuditEntry(models.Model):
    """One act. `hash` covers the hash of the entry before and all other columns."""

    sequence = models.BigIntegerField(primary_key=True)
    moment = models.DateTimeField()
    act = models.CharField(max_length=64)
    # Both null and "" where no signed-in user did it: the origin then says who did.
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=300, blank=True, default="")
    subject = models.CharField(max_length=500, blank=True, default="")
    # JSON as it was hashed; "" where there is nothing to say.
    before_text = models.TextField(blank=True, default="")
    after_text = models.TextField(blank=True, default="")
    # The address of who asked, or the command.
    origin = models.CharField(max_length=200, blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["act", "sequence"]),
            models.Index(fields=["actor_name", "sequence"]),
            models.Index(fields=["moment"]),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.subject}"

    @property
    def before(self) -> dict[str, Any] | None:
        return json.loads(self.before_text) if self.before_text else None

    @property
    def after(self) -> dict[str, Any] | None:
        return json.loads(self.after_text) if self.after_text else None


class AuditHead(models.Model):
    """One row: the number and hash of the last entry. Whoever writes holds its lock."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"
