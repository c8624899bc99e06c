"""The table of exports: who was handed out what, and whether all of it."""

from django.conf import settings
from django.db import models

STATES = WAITING, RUNNING, FINISHED, BROKEN = (
    "waiting", "running", "finished", "broken",
)  # fmt: skip


class ExportJob(models.Model):
    """One export. `rows` and `size` are those so far; only a finished one has a
    `sha256`, and only then it is whole.

    `wish` is what was asked for (wishes.py), `clusters` as of when, by slug.
    """

    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    # The list, which the wish names too: here an index finds it.
    what = models.CharField(max_length=16)
    wish = models.JSONField()
    clusters = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default=RUNNING)
    in_background = models.BooleanField(default=False)
    # What the maker could see by name when a file was made: for whoever may see less
    # by now it is gone.
    saw_everything = models.BooleanField(default=False)
    saw_namespaces = models.JSONField(default=list)
    started_at = models.DateTimeField()
    # When a process last said that it works on it.
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    rows_expected = models.BigIntegerField(null=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    why = models.CharField(max_length=500, blank=True, default="")
    # Raised when a process takes it up: one that was thought dead writes no more.
    turn = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["maker", "id"]),
            models.Index(fields=["state", "id"]),
            models.Index(fields=["what", "id"], name="export_of_what"),
            models.Index(fields=["started_at"]),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"


class ExportPiece(models.Model):
    """A piece of a file that was made in the background, compressed.

    Kept in the database: pages and workers share no disk.
    """

    job = models.ForeignKey(ExportJob, models.CASCADE, related_name="pieces")
    turn = models.IntegerField()
    number = models.IntegerField()
    # Of what it holds, not of how it is kept.
    length = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "turn", "number"], name="piece_of_export"
            )
        ]
