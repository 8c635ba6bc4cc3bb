"""Files of people to be enrolled in a class, and what became of each row."""

import django.db.models.deletion
from django.db import migrations, models

import kernel.fields
from kernel.db.moves import HoldMoves

STATES = [
    ("previewed", "Looked through, nobody enrolled"), ("taking", "Being enrolled"), ("taken", "Gone through"),
    ("dropped", "Dropped"),
]
OUTCOMES = [
    ("eligible", "Applied, meets the conditions"), ("refused", "Applied, does not meet the conditions"),
    ("same", "Had applied already, nothing changed"), ("left_out", "Left out, does not meet the conditions"),
    ("faulty", "Not taken"),
]


def _key() -> models.UUIDField:
    return models.UUIDField(default=kernel.fields.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("rosters", "0004_papers_before_the_seat"), ("courses", "0001_initial"), ("kernel", "0008_held_moves")]
    operations = [
        migrations.CreateModel(
            "Roster",
            [
                ("id", _key()),
                ("file_id", models.UUIDField(help_text="file of records; none once it was taken away", null=True)),
                ("name", models.CharField(max_length=200)),
                ("rows", models.PositiveIntegerField()),
                ("faulty", models.PositiveIntegerField(help_text="rows that cannot be right, when the file came")),
                ("done", models.PositiveIntegerField(default=0)),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by", models.UUIDField()),
                (
                    "taken_by",
                    models.UUIDField(help_text="account that said that the rows are to be enrolled", null=True),
                ),
                (
                    "leaves_refused_out",
                    models.BooleanField(default=True, help_text="who does not meet the conditions is left out"),
                ),
                ("state", models.CharField(choices=STATES, default="previewed", max_length=10)),
                ("state_since", models.DateTimeField()),
                (
                    "training_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.trainingclass"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", [key for key, _label in STATES])), name="rosters_roster_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("rows"))), name="rosters_roster_done"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "taking"), _negated=True) | models.Q(("taken_by__isnull", False)),
                        name="rosters_roster_taken_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "RosterLine",
            [
                ("id", _key()),
                ("line", models.PositiveIntegerField()),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=10)),
                ("words", models.JSONField(default=dict)),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rosters.enrolment"
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="rosters.roster"
                    ),
                ),
            ],
            options={
                "ordering": ["line"],
                "constraints": [
                    models.UniqueConstraint(fields=("roster", "line"), name="rosters_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", [key for key, _label in OUTCOMES])),
                        name="rosters_line_outcome",
                    ),
                ],
            },
        ),
        HoldMoves("rosters_roster", "previewed>taking", "taking>previewed", "taking>taken", "previewed>dropped"),
    ]
