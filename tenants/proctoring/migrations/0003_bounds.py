"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proctoring", "0002_held_moves")]
    operations = [
        migrations.AlterField("minutes", "text", models.TextField(blank=True, max_length=5000)),
    ]
