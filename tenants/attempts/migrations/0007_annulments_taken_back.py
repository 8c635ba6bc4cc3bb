"""The annulment of a test that was scored, too, is done a little later, and can be taken back before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attempts", "0006_endings_taken_back")]
    operations = [
        migrations.RemoveConstraint("attempt", "attempts_attempt_ending"),
        migrations.AddConstraint(
            "attempt",
            models.CheckConstraint(
                condition=models.Q(("ending", ""), ("ending_at", None))
                | models.Q(("ending__in", ["end", "annul"]), ("ending_at__isnull", False), ("state", "on_hold"))
                | models.Q(("ending", "annul"), ("ending_at__isnull", False), ("state", "scored")),
                name="attempts_attempt_ending",
            ),
        ),
    ]
