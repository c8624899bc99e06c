
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mirror", "0002_past_allocations_are_never_changed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="allocation",
            name="open_allocation_of_owner_and_address",
        ),
        migrations.RemoveIndex(
            model_name="allocation",
            name="mirror_allo_namespa_6afc1f_idx",
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                fields=["namespace_uid", "cluster", "address"],
                name="mirror_allo_namespa_682d7d_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("kind", "pod"), _negated=True),
                fields=["cluster", "kind", "address"],
                name="allocation_not_of_a_pod",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("terminating_at__isnull", False)),
                fields=["cluster", "address"],
                name="allocation_terminating",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                fields=("owner_key", "cluster", "network", "address"),
                name="open_allocation_of_owner_and_address",
            ),
        ),
    ]
