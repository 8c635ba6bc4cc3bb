"""A duty may end when somebody takes over; the end of a test can be taken back until its minutes are signed."""

from django.db import migrations, models

from kernel.db.moves import HoldMoves, SetOnce

OPEN = models.Q(("ended_at", None))


class Migration(migrations.Migration):
    dependencies = [("sittings", "0005_one_at_a_time"), ("kernel", "0008_held_moves")]
    operations = [
        migrations.AddField(
            "duty", "ended_at", models.DateTimeField(help_text="when somebody else took over", null=True)
        ),
        migrations.RemoveConstraint("duty", "sittings_duty_once"),
        migrations.RemoveConstraint("duty", "sittings_duty_one_chief"),
        migrations.AddConstraint(
            "duty",
            models.UniqueConstraint(condition=OPEN, fields=("sitting", "account_id"), name="sittings_duty_once"),
        ),
        migrations.AddConstraint(
            "duty",
            models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("role", "chief")),
                fields=("sitting",),
                name="sittings_duty_one_chief",
            ),
        ),
        SetOnce("sittings_duty", "ended_at"),
        HoldMoves(
            "sittings_sitting", "draft>filed", "filed>checkin_open", "checkin_open>running", "checkin_open>closed",
            "running>closed", "closed>running", "closed>minutes_signed", "minutes_signed>finalised", "draft>cancelled",
            "filed>cancelled", "checkin_open>cancelled",
        ),
    ]
