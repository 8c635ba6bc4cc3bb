"""When a sign-in was last used, and that one ended because nobody used it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_last_operator")]
    operations = [
        migrations.AddField(
            "signin",
            "seen_at",
            models.DateTimeField(help_text="last use by an account with a role, to the minute", null=True),
        ),
        migrations.AddField(
            "signin",
            "idle",
            models.BooleanField(default=False, help_text="it ended because nobody used it"),
        ),
        migrations.AddConstraint(
            "signin",
            models.CheckConstraint(condition=Q(idle=False) | Q(ended_at__isnull=False), name="identity_sign_in_idle"),
        ),
    ]
