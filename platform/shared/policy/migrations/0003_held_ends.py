"""A day of the calendar is superseded once, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import SetOnce


class Migration(migrations.Migration):
    dependencies = [("policy", "0002_kept_rows"), ("kernel", "0008_held_moves")]
    operations = [SetOnce("policy_calendarday", "superseded_at")]
