"""Which list an export is of, in a column that an index finds.

It stood in the wish alone: of the exports that are there it is taken from that.
"""

from typing import Any

from django.db import migrations, models
from django.db.models.fields.json import KT


def take_from_wish(apps: Any, schema_editor: Any) -> None:
    """Write down the list of each export that is there."""
    apps.get_model("exports", "ExportJob").objects.update(what=KT("wish__what"))


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="exportjob",
            name="what",
            field=models.CharField(default="", max_length=16),
            preserve_default=False,
        ),
        migrations.RunPython(take_from_wish, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="exportjob",
            index=models.Index(fields=["what", "id"], name="export_of_what"),
        ),
    ]
