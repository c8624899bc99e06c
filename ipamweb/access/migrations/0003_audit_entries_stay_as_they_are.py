"""Triggers refuse UPDATE and DELETE of an audit entry: nothing takes back an act."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON access_auditentry
BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END
""",
    """
CREATE TRIGGER audit_entry_is_not_removed BEFORE DELETE ON access_auditentry
BEGIN SELECT RAISE(ABORT, 'an audit entry is never removed'); END
""",
)
POSTGRESQL = (
    """
CREATE FUNCTION refuse_audit_entry_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an audit entry is never changed'; END $$;
CREATE FUNCTION refuse_audit_entry_removal() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an audit entry is never removed'; END $$;
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON access_auditentry
FOR EACH ROW EXECUTE FUNCTION refuse_audit_entry_change();
CREATE TRIGGER audit_entry_is_not_removed BEFORE DELETE ON access_auditentry
FOR EACH ROW EXECUTE FUNCTION refuse_audit_entry_removal();
""",
)
UNDO = {
    "sqlite": (
        "DROP TRIGGER audit_entry_is_not_changed",
        "DROP TRIGGER audit_entry_is_not_removed",
    ),
    "postgresql": (
        "DROP TRIGGER audit_entry_is_not_changed ON access_auditentry;"
        "DROP TRIGGER audit_entry_is_not_removed ON access_auditentry;"
        "DROP FUNCTION refuse_audit_entry_change();"
        "DROP FUNCTION refuse_audit_entry_removal()",
    ),
}


def add_triggers(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        editor.execute(statement, None)


def drop_triggers(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_audit_log")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
