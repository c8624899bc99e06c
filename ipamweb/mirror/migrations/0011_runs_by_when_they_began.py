"""Indexes for the list of polls, which goes by when they began, by kind and by outcome.

On PostgreSQL they take 220 bytes for each poll that changed something: 65 MB for
300,000 of them. When a poll that changed nothing extends the last one, none is touched.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mirror", "0010_what_the_cni_says_of_nodes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(
                fields=["cluster", "started_at", "id"], name="run_by_begin"
            ),
        ),
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(
                fields=["cluster", "kind", "started_at", "id"], name="run_of_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(
                fields=["cluster", "outcome", "started_at", "id"],
                name="run_of_outcome",
            ),
        ),
    ]
