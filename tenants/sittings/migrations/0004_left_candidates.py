"""Candidates who are not ready for the test any more: since when, and why; written once."""

from django.db import migrations, models
from django.db.models import Q

from kernel.db.moves import SetOnce


class Migration(migrations.Migration):
    dependencies = [("sittings", "0003_held_moves")]
    operations = [
        migrations.AddField(
            "candidacy", "left_at",
            models.DateTimeField(null=True, help_text="since when the person is not ready for the test any more"),
        ),
        migrations.AddField("candidacy", "left_why", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddConstraint(
            "candidacy",
            models.CheckConstraint(
                condition=Q(left_at=None, left_why="") | (Q(left_at__isnull=False) & ~Q(left_why="")),
                name="sittings_candidacy_left",
            ),
        ),
        SetOnce("sittings_candidacy", "left_at"),
    ]
