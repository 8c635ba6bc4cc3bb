"""A filed fact is a row for each of its versions; what there was is each fact's first version, with its own key.

What the table of before said before it was changed in place is told by the notes of the audit. Not reversed: versions
would have to be thrown away. What holds the versions, and the views of the newest, are migration 0005.
"""

import django.db.models.deletion
import kernel.fields
from django.db import migrations, models

NEWEST = models.Q(("superseded_at", None))
TABLES = {"filedsitting": "SittingVersion", "reportedincident": "IncidentVersion", "publishedprice": "PriceVersion"}
INDEXES = {
    "sittingversion": [
        models.Index(condition=NEWEST, fields=["-starts_at"], name="filings_sitting_start"),
        models.Index(
            condition=NEWEST & models.Q(("state__in", ["checkin_open", "running", "filed"])),
            fields=["starts_at"],
            name="filings_sitting_open",
        ),
        models.Index(condition=NEWEST, fields=["institution", "-starts_at"], name="filings_sitting_of"),
    ],
    "incidentversion": [
        models.Index(condition=NEWEST, fields=["-happened_at"], name="filings_incident_when"),
        models.Index(condition=NEWEST, fields=["institution", "-happened_at"], name="filings_incident_of"),
    ],
    "priceversion": [
        models.Index(condition=NEWEST, fields=["-published_at"], name="filings_price_when"),
        models.Index(condition=NEWEST, fields=["institution", "-published_at"], name="filings_price_of"),
        models.Index(
            condition=NEWEST & models.Q(("in_force", True)), fields=["institution"], name="filings_price_in_force"
        ),
    ],
}
DROP_HOLD = """
DROP TRIGGER filings_price_all ON filings_publishedprice;
DROP TRIGGER filings_price_hold ON filings_publishedprice;
"""


def _versions(model: str) -> list[migrations.operations.base.Operation]:
    """Give each row the key of its fact and its number."""
    key = {"help_text": "the thing's key in the institution's own schema"}
    ended = models.DateTimeField(help_text="when the next version was received", null=True)
    unique = f"filings_{model.removesuffix('version')}_version"
    return [
        migrations.AddField(model, "version", models.PositiveIntegerField(default=1, help_text="1, 2, … of the same fact")),
        migrations.AddField(model, "superseded_at", ended),
        migrations.AddField(model, "fact_id", models.UUIDField(null=True, **key)),
        migrations.RunSQL(f"UPDATE filings_{model} SET fact_id = id"),  # noqa: S608  # our own names
        migrations.AlterField(model, "fact_id", models.UUIDField(**key)),
        migrations.AlterField(
            model,
            "id",
            models.UUIDField(default=kernel.fields.uuid7, editable=False, primary_key=True, serialize=False),
        ),
        migrations.AddConstraint(model, models.UniqueConstraint(fields=("fact_id", "version"), name=unique)),
        *(migrations.RemoveIndex(model, index.name) for index in INDEXES[model]),
        *(migrations.AddIndex(model, index) for index in INDEXES[model]),
    ]


def _view(name: str, fields: list[tuple[str, models.Field]]) -> migrations.CreateModel:
    """Return the state of a model that reads a view."""
    institution = models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
    )
    key = models.UUIDField(
        help_text="the thing's key in the institution's own schema", primary_key=True, serialize=False
    )
    common = [
        ("version", models.PositiveIntegerField(default=1, help_text="1, 2, … of the same fact")),
        ("first_received_at", models.DateTimeField()),
        ("received_at", models.DateTimeField()),
        ("institution", institution),
        ("id", key),
    ]
    return migrations.CreateModel(name, [*common, *fields], options={"managed": False})


class Migration(migrations.Migration):
    dependencies = [("filings", "0003_hold_ceilings")]
    operations = [
        migrations.RunSQL(DROP_HOLD),
        *(migrations.RenameModel(old, new) for old, new in TABLES.items()),
        *(operation for new in TABLES.values() for operation in _versions(new.lower())),
        _view(
            "FiledSitting",
            [
                ("position", models.CharField(max_length=40)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("site", models.CharField(max_length=200)),
                ("candidates", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "Filed"),
                            ("checkin_open", "Check-in open"),
                            ("running", "Running"),
                            ("closed", "Closed"),
                            ("minutes_signed", "Minutes signed"),
                            ("finalised", "Finalised"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
        ),
        _view(
            "ReportedIncident",
            [
                ("sitting_id", models.UUIDField(null=True)),
                ("kind", models.CharField(max_length=40)),
                (
                    "severity",
                    models.CharField(
                        choices=[("note", "For the record"), ("minor", "Minor"), ("serious", "Serious")], max_length=10
                    ),
                ),
                ("words", models.TextField()),
                ("happened_at", models.DateTimeField()),
            ],
        ),
        _view(
            "PublishedPrice",
            [
                ("class_id", models.UUIDField()),
                ("class_name", models.CharField(max_length=120)),
                ("position", models.CharField(max_length=40)),
                ("fee_item", models.CharField(max_length=40)),
                ("unit", models.CharField(max_length=10)),
                ("amount", kernel.fields.MoneyField()),
                (
                    "max_amount",
                    kernel.fields.MoneyField(
                        help_text="the cap's ceiling when filed; more than anybody can ask where it has none"
                    ),
                ),
                ("published_at", models.DateTimeField()),
                ("in_force", models.BooleanField(default=True)),
                (
                    "cap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.feecap"
                    ),
                ),
            ],
        ),
    ]
