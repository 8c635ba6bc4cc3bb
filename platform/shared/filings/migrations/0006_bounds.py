"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filings", "0005_keep_versions")]
    operations = [
        migrations.AlterField("incidentversion", "words", models.TextField(max_length=4000)),
    ]
