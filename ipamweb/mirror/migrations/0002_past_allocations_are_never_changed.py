"""A trigger refuses UPDATE of a past allocation: a correction is a new row."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER past_allocation_is_final BEFORE UPDATE ON mirror_pastallocation
BEGIN SELECT RAISE(ABORT, 'a past allocation is never changed'); END
"""
POSTGRESQL = """
CREATE FUNCTION refuse_past_allocation_update() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a past allocation is never changed'; END $$;
CREATE TRIGGER past_allocation_is_final BEFORE UPDATE ON mirror_pastallocation
FOR EACH ROW EXECUTE FUNCTION refuse_past_allocation_update();
"""
UNDO = {
    "sqlite": "DROP TRIGGER past_allocation_is_final",
    "postgresql": "DROP TRIGGER past_allocation_is_final ON mirror_pastallocation;"
    "DROP FUNCTION refuse_past_allocation_update()",
}


def add_trigger(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    editor.execute(SQLITE if vendor == "sqlite" else POSTGRESQL, None)


def drop_trigger(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(UNDO[editor.connection.vendor], None)


class Migration(migrations.Migration):
    dependencies = [("mirror", "0001_initial")]
    operations = [migrations.RunPython(add_trigger, drop_trigger)]
