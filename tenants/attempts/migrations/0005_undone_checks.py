"""A mistaken check-in can be undone, and stays on record; whoever is absent is expected again when a test goes on."""

import django.db.models.deletion
from django.db import migrations, models

from kernel.db.moves import HoldMoves, SetOnce

SEVERAL = """
ALTER TABLE attempts_idcheck DROP CONSTRAINT attempts_idcheck_candidacy_id_key;
CREATE INDEX attempts_idcheck_candidacy_id_5539e983 ON attempts_idcheck (candidacy_id);
"""


class Migration(migrations.Migration):
    dependencies = [("attempts", "0004_one_open_test"), ("sittings", "0006_duty_ends"), ("kernel", "0008_held_moves")]
    operations = [
        # Not as Django would: it asks the database for the constraint's name, and a schema made ahead has none to ask.
        migrations.RunSQL(
            SEVERAL,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "idcheck",
                    "candidacy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="id_checks", to="sittings.candidacy"
                    ),
                )
            ],
        ),
        migrations.AddField("idcheck", "undone_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "idcheck",
            models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("candidacy",), name="attempts_idcheck_once"
            ),
        ),
        SetOnce("attempts_idcheck", "undone_at"),
        HoldMoves(
            "attempts_attempt", "prepared>checked_in", "checked_in>prepared", "checked_in>started", "started>on_hold",
            "on_hold>started", "started>finished", "on_hold>finished", "finished>scored", "scored>confirmed",
            "started>annulled", "on_hold>annulled", "scored>annulled", "prepared>absent", "checked_in>absent",
            "absent>prepared", "absent>checked_in",
        ),
    ]
