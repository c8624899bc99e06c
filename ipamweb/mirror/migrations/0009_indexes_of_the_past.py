"""Indexes that find an instant of the past among millions of rows.

Of past allocations the bounds stand beside the bin: 47 bytes a row instead of 7, so
474 MB instead of 72 MB for ten million. On PostgreSQL it is built in about a quarter of
a minute for so many, and writes to the table wait meanwhile. The two others are small: of
pods on the host network, and of polls that moved an address.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mirror", "0008_when_the_configuration_was_read"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="pastallocation",
            index=models.Index(
                fields=["cluster", "time_bin", "to_latest", "from_earliest"],
                name="mirror_past_cluster_1be81f_idx",
            ),
        ),
        migrations.RemoveIndex(
            model_name="pastallocation",
            name="mirror_past_cluster_b6699f_idx",
        ),
        migrations.RemoveIndex(
            model_name="pod",
            name="pod_on_host_network",
        ),
        migrations.AddIndex(
            model_name="pod",
            index=models.Index(
                condition=models.Q(("host_network", True)),
                fields=["cluster", "gone_by", "node", "first_seen"],
                name="pod_on_host_network",
            ),
        ),
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(
                condition=models.Q(
                    ("opened__gt", 0), ("closed__gt", 0), _connector="OR"
                ),
                fields=["cluster", "started_at"],
                name="run_that_moved_addresses",
            ),
        ),
    ]
