"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, RefuseChange, SetOnce


class Migration(migrations.Migration):
    dependencies = [("attempts", "0002_added_time"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "attempts_attempt", "prepared>checked_in", "checked_in>started", "started>on_hold", "on_hold>started",
            "started>finished", "on_hold>finished", "finished>scored", "scored>confirmed", "started>annulled",
            "on_hold>annulled", "scored>annulled", "prepared>absent", "checked_in>absent",
        ),
        SetOnce("attempts_attempt", "started_at", "finished_at", "last_seq"),
        SetOnce("attempts_impediment", "lifted_at"),
        RefuseChange(
            "attempts_attempt",
            "finished",
            "OLD.finished_at IS NOT NULL AND (OLD.working_time, OLD.added_time, OLD.held_time, OLD.finished_by)"
            " IS DISTINCT FROM (NEW.working_time, NEW.added_time, NEW.held_time, NEW.finished_by)",
        ),
    ]
