"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, SetOnce


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "privacy_closing", "asking>blocked", "asking>ready", "blocked>asking", "ready>asking", "ready>closed",
            "asking>taken_back", "blocked>taken_back", "ready>taken_back",
        ),
        HoldMoves(
            "privacy_breach", "reported>classified", "reported>dismissed", "classified>contained",
            "contained>closed",
        ),
        HoldMoves(
            "privacy_copy", "collecting>ready", "collecting>expired", "ready>expired",
        ),
        HoldMoves(
            "privacy_correction", "asked>accepted", "asked>refused", "asked>taken_back",
        ),
        SetOnce("privacy_correction", "decided_at", "decided_by"),
        SetOnce("privacy_hold", "lifted_at", "lifted_by"),
    ]
