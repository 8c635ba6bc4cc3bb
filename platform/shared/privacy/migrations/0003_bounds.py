"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_held_moves")]
    operations = [
        migrations.AlterField(
            "assessment",
            "necessity",
            models.TextField(help_text="whether purpose and way are lawful, justified and needed", max_length=10000),
        ),
        migrations.AlterField(
            "assessment",
            "risks",
            models.TextField(help_text="what it does to people, and how likely", max_length=10000),
        ),
        migrations.AlterField(
            "assessment",
            "measures",
            models.TextField(help_text="whether what protects them is enough", max_length=10000),
        ),
    ]
