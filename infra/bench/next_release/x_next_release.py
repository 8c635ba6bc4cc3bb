"""A real migration of several operations, on tables in use while a test is sat."""

import django.db.models.deletion
from django.db import migrations, models

from infra.bench.next_release import LAST


class Migration(migrations.Migration):
    """A column, an index on the event log, a wider column, a table with two keys, and a check less."""

    dependencies = [("sittings", LAST)]

    operations = [
        migrations.AddField("candidacy", "remark", models.CharField(max_length=80, null=True)),
        migrations.AddIndex("sittingevent", models.Index(fields=["kind"], name="sittings_event_kind")),
        migrations.AlterField("room", "place", models.CharField(max_length=400)),
        migrations.CreateModel(
            "Remark",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.TextField()),
                ("candidacy", models.ForeignKey("sittings.candidacy", django.db.models.deletion.PROTECT)),
                ("sitting", models.ForeignKey("sittings.sitting", django.db.models.deletion.PROTECT)),
            ],
        ),
        migrations.RemoveConstraint("room", "sittings_room_seats"),
    ]
