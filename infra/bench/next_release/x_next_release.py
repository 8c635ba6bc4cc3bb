"""A real migration of several operations, on tables in use while a test is sat."""

import django.db.models.deletion
from django.db import migrations, models

from infra.bench.next_release import LAST


class Migration(migrations.Migration):
    """A column, an index on the answer log, a wider column, a table with two keys, and a check less."""

    dependencies = [("exams", LAST)]

    operations = [
        migrations.AddField("attempt", "remark", models.CharField(max_length=80, null=True)),
        migrations.AddIndex("answerlog", models.Index(fields=["server_at"], name="exams_answerlog_server_at")),
        migrations.AlterField("room", "place", models.CharField(max_length=400)),
        migrations.CreateModel(
            "Remark",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.TextField()),
                ("attempt", models.ForeignKey("exams.attempt", django.db.models.deletion.PROTECT)),
                ("sitting", models.ForeignKey("exams.sitting", django.db.models.deletion.PROTECT)),
            ],
        ),
        migrations.RemoveConstraint("timegrant", "exams_grant_positive"),
    ]
