"""The rows of exports, and what is sent to have a file made in the background."""

from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateTimeField,
    DictField,
    IntegerField,
    Serializer,
)

from ipamweb.exports.columns import WHATS
from ipamweb.exports.wishes import FORMATS


class ExportedCluster(Serializer):
    as_of = DateTimeField(allow_null=True)
    generation = IntegerField()
    stale = BooleanField()


class Export(Serializer):
    id = IntegerField()
    what = CharField()
    format = CharField()
    raw = BooleanField()
    state = CharField(help_text="waiting, running, finished or broken.")
    in_background = BooleanField()
    made_by = CharField(help_text="Empty: a command.")
    filters = DictField(child=CharField())
    as_of_exported = DateTimeField(
        allow_null=True, help_text="The instant all of it is true of."
    )
    clusters = DictField(child=ExportedCluster())
    started_at = DateTimeField()
    ended_at = DateTimeField(allow_null=True)
    rows = IntegerField(help_text="So far.")
    rows_expected = IntegerField(allow_null=True, help_text="Where that is known.")
    bytes = IntegerField(help_text="So far.")
    sha256 = CharField(help_text="Only of a finished one, which is whole.")
    why = CharField(help_text="It broke.")
    file = CharField(allow_null=True, help_text="Where it is, while it is kept.")


class ExportWish(Serializer):
    what = ChoiceField(choices=WHATS)
    format = ChoiceField(choices=FORMATS, default="csv")
    filters = DictField(
        child=CharField(),
        default=dict,
        help_text="The parameters of `export/{what}.{format}`, by name.",
    )
