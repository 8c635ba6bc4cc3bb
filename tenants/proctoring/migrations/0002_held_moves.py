"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, RefuseChange


class Migration(migrations.Migration):
    dependencies = [("proctoring", "0001_initial"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "proctoring_incident", "open>closed",
        ),
        RefuseChange("proctoring_incident", "closed", "OLD.state = 'closed' AND OLD.outcome IS DISTINCT FROM NEW.outcome"),
    ]
