"""Texts have a greatest length, which the database holds (kernel.db.bounds)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0007_held_moves")]
    operations = [
        migrations.AlterField(
            "consenttext",
            "body",
            models.TextField(help_text='paragraphs; a line that begins with "## " is a heading', max_length=100000),
        ),
        migrations.AlterField("consenttext", "body_en", models.TextField(max_length=200000)),
        migrations.AlterField(
            "consenttext",
            "instead",
            models.TextField(
                blank=True, help_text="the way that does without, where the consent is not given", max_length=10000
            ),
        ),
        migrations.AlterField("consenttext", "instead_en", models.TextField(blank=True, max_length=20000)),
        migrations.AlterField(
            "consenttext",
            "changes",
            models.TextField(blank=True, help_text="what is different from the version before", max_length=10000),
        ),
        migrations.AlterField("consenttext", "changes_en", models.TextField(blank=True, max_length=20000)),
    ]
