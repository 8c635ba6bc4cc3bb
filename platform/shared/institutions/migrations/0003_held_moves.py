"""States go on along their charts, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves


class Migration(migrations.Migration):
    dependencies = [("institutions", "0002_name_keys"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "institutions_institution", "working>retired", "retired>working", "retired>leaving", "leaving>retired",
            "leaving>deleted", field="lifecycle",
        ),
        HoldMoves(
            "institutions_organisation", "registered>listed", "listed>not_enrolling", "not_enrolling>listed",
            "listed>suspended", "not_enrolling>suspended", "suspended>listed", "listed>removed",
            "not_enrolling>removed", "suspended>removed",
        ),
    ]
