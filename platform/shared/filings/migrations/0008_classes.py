"""Classes are filed by version from their opening on; the free places of each are a figure of their own (0009)."""

import django.db.models.deletion
import kernel.fields
from django.db import migrations, models

from kernel.db.versions import KeepVersions

NEWEST = models.Q(("superseded_at", None))
OPEN_NOW = NEWEST & models.Q(("state", "open"))
STATES = [("open", "Enrolling"), ("running", "Running"), ("closed", "Closed"), ("cancelled", "Cancelled")]


def _institution() -> models.Field:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
    )


def _facts() -> list[tuple[str, models.Field]]:
    return [
        ("name", models.CharField(max_length=80)),
        ("position", models.CharField(max_length=40)),
        ("programme", models.CharField(help_text="the programme's title", max_length=120)),
        ("class_hours", models.PositiveSmallIntegerField()),
        ("division_code", models.CharField(help_text="division in which it is taught", max_length=6)),
        ("place", models.CharField(blank=True, help_text="where the classroom is", max_length=120)),
        ("starts_on", models.DateField()),
        ("ends_on", models.DateField()),
        ("enrols_until", models.DateField(help_text="last day on which it takes enrolments while it is open")),
        ("seats", models.PositiveSmallIntegerField()),
        ("state", models.CharField(choices=STATES, max_length=10)),
    ]


def _origin() -> list[tuple[str, models.Field]]:
    return [
        ("version", models.PositiveIntegerField(default=1, help_text="1, 2, … of the same fact")),
        ("first_received_at", models.DateTimeField()),
        ("received_at", models.DateTimeField()),
        ("institution", _institution()),
    ]


KEY = {"help_text": "the thing's key in the institution's own schema"}


class Migration(migrations.Migration):
    dependencies = [("filings", "0007_reopened_sittings"), ("institutions", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "ClassVersion",
            [
                (
                    "id",
                    models.UUIDField(default=kernel.fields.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                *_origin(),
                ("fact_id", models.UUIDField(**KEY)),
                (
                    "superseded_at",
                    models.DateTimeField(help_text="when the next version was received", null=True),
                ),
                *_facts(),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", [state for state, _label in STATES])),
                        name="filings_class_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="filings_class_days"
                    ),
                    models.CheckConstraint(condition=models.Q(("seats__gt", 0)), name="filings_class_seats"),
                    models.UniqueConstraint(fields=("fact_id", "version"), name="filings_class_version"),
                ],
                "indexes": [
                    models.Index(condition=OPEN_NOW, fields=["starts_on"], name="filings_class_open"),
                    models.Index(condition=OPEN_NOW, fields=["position", "starts_on"], name="filings_class_for"),
                    models.Index(condition=NEWEST, fields=["-starts_on"], name="filings_class_when"),
                    models.Index(condition=NEWEST, fields=["institution", "-starts_on"], name="filings_class_of"),
                ],
            },
        ),
        migrations.CreateModel(
            "FiledClass",
            [*_origin(), ("id", models.UUIDField(primary_key=True, serialize=False, **KEY)), *_facts()],
            options={"managed": False},
        ),
        KeepVersions(
            "filings_classversion",
            "filings_filedclass",
            moment="received_at",
            same=("institution_id", "first_received_at"),
            columns=(
                "name", "position", "programme", "class_hours", "division_code", "place", "starts_on", "ends_on",
                "enrols_until", "seats", "state",
            ),
        ),
        migrations.CreateModel(
            "ClassPlaces",
            [
                (
                    "fact_id",
                    models.UUIDField(
                        help_text="the class's key in the institution's own schema", primary_key=True, serialize=False
                    ),
                ),
                ("institution", _institution()),
                ("free", models.PositiveSmallIntegerField(help_text="seats that nobody holds")),
            ],
        ),
        migrations.AddIndex(
            "priceversion",
            models.Index(
                condition=NEWEST & models.Q(("in_force", True)), fields=["class_id"], name="filings_price_of_class"
            ),
        ),
    ]
