"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, SetOnce


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_counted_seats"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "courses_correction", "proposed>approved", "proposed>rejected",
        ),
        HoldMoves(
            "courses_trainingclass", "draft>open", "open>running", "running>closed",
        ),
        SetOnce("courses_correction", "decided_by", "received_at"),
        SetOnce("courses_participant", "admitted_at", "left_at"),
        SetOnce("courses_studysession", "ended_at"),
    ]
