"""When each finding was last confirmed or resolved by our clock; of those that are there,
as of the mirror's."""

from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


def fill(apps: Any, _editor: Any) -> None:
    turned = Coalesce(F("resolved_at"), F("confirmed_at"))
    apps.get_model("findings", "Finding").objects.update(turned_at=turned)


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0003_acknowledgements'),
    ]

    operations = [
        migrations.AddField(
            model_name='finding',
            name='turned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['turned_at'], name='finding_turned'),
        ),
    ]
