"""The bounds of all columns (kernel.db.bounds) for an institution's tables that were made before there were any."""

from django.db import migrations, models

from kernel.db.bounds import upgrade


class Migration(migrations.Migration):
    dependencies = [("tenant_records", "0003_kept_notes")]
    operations = [
        migrations.AlterField("auditentry", "why", models.TextField(blank=True, max_length=10000)),
        migrations.RunSQL(upgrade({}), migrations.RunSQL.noop),
    ]
