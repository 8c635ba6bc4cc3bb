"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_recorded_upload")]
    operations = [
        migrations.AlterField("objection", "text", models.TextField(max_length=5000)),
        migrations.AlterField("objection", "reason", models.TextField(blank=True, max_length=4000)),
        migrations.AlterField("verification", "remark", models.TextField(blank=True, max_length=4000)),
    ]
