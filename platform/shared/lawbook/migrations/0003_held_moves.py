"""States go on along their charts, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves


class Migration(migrations.Migration):
    dependencies = [("lawbook", "0002_kept_rows"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "lawbook_policydraft", "draft>submitted", "returned>submitted", "submitted>approved",
            "submitted>returned", "draft>withdrawn", "returned>withdrawn", "submitted>withdrawn",
        ),
    ]
