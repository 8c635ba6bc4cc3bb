"""A proctor may undo a mistaken check-in."""

from django.db import migrations, models

VERBS = ["check-in", "undo", "hold", "resume", "time", "end", "annul"]
LABELS = ["Check in", "Undo the check-in", "Hold", "Let go on", "Add time", "End", "Annul"]


class Migration(migrations.Migration):
    dependencies = [("proctoring", "0003_bounds")]
    operations = [
        migrations.AlterField(
            "command", "verb", models.CharField(choices=list(zip(VERBS, LABELS, strict=True)), max_length=10)
        ),
        migrations.RemoveConstraint("command", "proctoring_command_verb"),
        migrations.AddConstraint(
            "command",
            models.CheckConstraint(condition=models.Q(("verb__in", VERBS)), name="proctoring_command_verb"),
        ),
    ]
