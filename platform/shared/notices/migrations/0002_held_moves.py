"""States go on along their charts, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "notices_message", "queued>sent", "queued>failed",
        ),
    ]
