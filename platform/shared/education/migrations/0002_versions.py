"""A record of hours is a row for each of its versions; what there was is each record's first version, with its own key.

Not reversed: versions would have to be thrown away.
"""

from django.db import migrations, models
from kernel.db.versions import KeepVersions

FACTS = [
    ("certificate_number", models.CharField(max_length=32)),
    ("holder", models.CharField(max_length=60)),
    ("employer_code", models.CharField(blank=True, max_length=18)),
    ("employer_name", models.CharField(blank=True, max_length=120)),
    ("step", models.PositiveSmallIntegerField()),
    ("hours", models.DecimalField(decimal_places=1, max_digits=5)),
    ("began_on", models.DateField()),
    ("ended_on", models.DateField()),
    ("topic", models.CharField(blank=True, max_length=200)),
    ("as_of", models.DateTimeField()),
]
KEY = "the record's key here, whatever it says"
VERSION = {"default": 1, "help_text": "1, 2, … of the same record"}


class Migration(migrations.Migration):
    dependencies = [("education", "0001_initial"), ("kernel", "0007_kept_versions")]
    operations = [
        migrations.RenameModel("HourRecord", "HourVersion"),
        migrations.AlterModelOptions("HourVersion", {}),
        migrations.AddField("HourVersion", "version", models.PositiveIntegerField(**VERSION)),
        migrations.AddField(
            "HourVersion",
            "superseded_at",
            models.DateTimeField(help_text="when the next version was recorded", null=True),
        ),
        migrations.AddField("HourVersion", "fact_id", models.UUIDField(null=True, help_text=KEY)),
        migrations.RunSQL("UPDATE education_hourversion SET fact_id = id"),
        migrations.AlterField("HourVersion", "fact_id", models.UUIDField(help_text=KEY)),
        migrations.RemoveConstraint("HourVersion", "education_hours_once"),
        migrations.RemoveIndex("HourVersion", "education_hours_of"),
        migrations.AddIndex(
            "HourVersion",
            models.Index(
                condition=models.Q(("superseded_at", None)),
                fields=["certificate_number", "step"],
                name="education_hours_of",
            ),
        ),
        migrations.AddConstraint(
            "HourVersion", models.UniqueConstraint(fields=("fact_id", "version"), name="education_hours_version")
        ),
        migrations.AddConstraint(
            "HourVersion",
            models.UniqueConstraint(fields=("source", "number", "version"), name="education_hours_once"),
        ),
        migrations.CreateModel(
            "HourRecord",
            fields=[
                ("version", models.PositiveIntegerField(**VERSION)),
                ("source", models.CharField(help_text="key of the system, ours for a file", max_length=30)),
                ("number", models.CharField(help_text="the record's number there", max_length=60)),
                ("recorded_at", models.DateTimeField()),
                *FACTS,
                ("id", models.UUIDField(help_text=KEY, primary_key=True, serialize=False)),
            ],
            options={"managed": False, "ordering": ["-ended_on", "-id"]},
        ),
        KeepVersions(
            "education_hourversion",
            "education_hourrecord",
            moment="recorded_at",
            same=("source", "number"),
            columns=tuple(name for name, _field in FACTS),
        ),
    ]
