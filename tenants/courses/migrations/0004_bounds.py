"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_held_moves")]
    operations = [
        migrations.AlterField(
            "lesson",
            "body",
            models.TextField(
                blank=True, help_text="the text of a reading lesson; notes below a video", max_length=100000
            ),
        ),
    ]
