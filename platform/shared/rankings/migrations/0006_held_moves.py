"""States go on along their charts, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves


class Migration(migrations.Migration):
    dependencies = [("rankings", "0005_counted_months"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "rankings_starrun", "draft>published", "draft>discarded", "published>superseded",
        ),
    ]
