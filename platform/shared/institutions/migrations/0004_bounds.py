"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0003_held_moves")]
    operations = [
        migrations.AlterField("ruling", "reason", models.TextField(max_length=4000)),
    ]
