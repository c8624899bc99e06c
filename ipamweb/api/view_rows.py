"""What REST shows of a saved view, and what it takes to save one."""

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DictField,
    IntegerField,
    ListField,
    Serializer,
    ValidationError,
)

from ipamweb.access.saved_views import EVERYBODY, LONGEST_NAME, NOBODY, TEAM
from ipamweb.access.view_rows import ViewRow
from ipamweb.api.serializers import moment, words
from ipamweb.exports.rows import Json
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.tables.definitions import TABLES

SHARED = (NOBODY, TEAM, EVERYBODY)


class View(Serializer):
    id = IntegerField()
    key = CharField(help_text="What you open it by: `view=` and this.")
    owner = CharField()
    name = CharField()
    table = CharField(help_text=f"One of {', '.join(TABLES)}.")
    query = DictField(child=CharField(), help_text="Filters by name.")
    columns = words(help_text="In their order; empty: the usual ones.")
    ordering = CharField(help_text="Empty: the usual one.")
    shared = CharField(help_text=f"With: {', '.join(SHARED)}.")
    team = CharField(help_text="The slug of the team that it is shared with.")
    own = BooleanField()
    changed_at = moment()


class ViewWish(Serializer):
    """What POST takes, and PATCH any part of it but the table."""

    name = CharField(max_length=LONGEST_NAME)
    table = CharField(help_text=f"One of {', '.join(TABLES)}.")
    query = DictField(child=CharField(), required=False)
    columns = ListField(child=CharField(), required=False)
    ordering = CharField(required=False, allow_blank=True)
    shared = CharField(required=False, help_text=f"With: {', '.join(SHARED)}.")
    team = CharField(required=False, allow_blank=True)

    def validate_table(self, value: str) -> str:
        if value not in TABLES:
            raise ValidationError(f"accepted are {', '.join(TABLES)}.")
        return value

    def validate_shared(self, value: str) -> str:
        if value not in SHARED:
            raise ValidationError(f"accepted are {', '.join(SHARED)}.")
        return value


def view(row: ViewRow, _: ClusterRow | None) -> Json:
    return {
        "id": row.id,
        "key": row.key,
        "owner": row.owner,
        "name": row.name,
        "table": row.table,
        "query": dict(row.query),
        "columns": list(row.columns),
        "ordering": row.sort,
        "shared": row.shared,
        "team": row.team,
        "own": row.is_own,
        "changed_at": row.changed_at,
    }
