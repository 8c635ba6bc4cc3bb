"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial")]
    operations = [
        migrations.AlterField("itemversion", "stem", models.TextField(max_length=20000)),
        migrations.AlterField("itemversion", "reason", models.TextField(blank=True, max_length=20000)),
    ]
