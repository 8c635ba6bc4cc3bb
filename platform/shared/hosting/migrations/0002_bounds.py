"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hosting", "0001_initial")]
    operations = [
        migrations.AlterField("deletion", "reason", models.TextField(max_length=4000)),
    ]
