"""States go on along their charts, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves


class Migration(migrations.Migration):
    dependencies = [("rosters", "0001_initial"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "rosters_enrolment", "submitted>eligible", "submitted>refused", "refused>eligible", "eligible>enrolled",
            "enrolled>confirmed", "confirmed>completed", "eligible>withdrawn", "enrolled>withdrawn",
            "confirmed>withdrawn",
        ),
    ]
