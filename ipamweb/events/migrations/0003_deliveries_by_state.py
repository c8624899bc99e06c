"""An index for the list of a webhook's deliveries that are in one state."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_deliveries_of_each_webhook"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["webhook", "state", "-id"], name="delivery_of_webhook_in_state"
            ),
        ),
    ]
