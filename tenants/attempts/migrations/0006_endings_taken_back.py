"""What a chief has ordered for a test (its end, its annulment) is done a little later, and can be taken back before."""

from django.db import migrations, models

ENDINGS = {"end": "Is being ended", "annul": "Is being annulled"}


class Migration(migrations.Migration):
    dependencies = [("attempts", "0005_undone_checks")]
    operations = [
        migrations.AddField(
            "attempt",
            "ending",
            models.CharField(
                blank=True, choices=list(ENDINGS.items()), db_default="", help_text="what the chief has ordered",
                max_length=5,
            ),
        ),
        migrations.AddField(
            "attempt",
            "ending_at",
            models.DateTimeField(help_text="when it is done, unless the chief takes it back before", null=True),
        ),
        migrations.AddConstraint(
            "attempt",
            models.CheckConstraint(
                condition=models.Q(("ending", ""), ("ending_at", None))
                | models.Q(("ending__in", list(ENDINGS)), ("ending_at__isnull", False), ("state", "on_hold")),
                name="attempts_attempt_ending",
            ),
        ),
    ]
