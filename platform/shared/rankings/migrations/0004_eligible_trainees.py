"""Who could have rated is told row by row, so that the months can be counted again."""

import django.db.models.deletion
import kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial"), ("rankings", "0003_name_keys")]
    operations = [
        migrations.CreateModel(
            name="EligibleTrainees",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kernel.fields.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("counted_on", models.DateField(help_text="legal day")),
                ("trainees", models.PositiveIntegerField()),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("trainees__gt", 0)), name="rankings_eligible_some")
                ],
            },
        ),
        migrations.AlterField(
            model_name="ratingmonth",
            name="counts",
            field=models.JSONField(default=dict, help_text="item -> answer -> how often it was given"),
        ),
    ]
