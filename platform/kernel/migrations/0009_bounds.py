"""The bounds of all columns (kernel.db.bounds) for shared tables that were made before there were any."""

from django.db import migrations, models

from kernel.db.bounds import upgrade

LENGTHS = {
    "identity_recoveryrequest.words": 1000,
    "privacy_breach.words": 4000,
    "privacy_breach.measures": 4000,
    "privacy_breachentry.words": 4000,
    "privacy_correction.words": 1000,
    "privacy_correction.reason": 1000,
}


class Migration(migrations.Migration):
    dependencies = [("kernel", "0008_held_moves")]
    operations = [
        migrations.AlterField("auditentry", "why", models.TextField(blank=True, max_length=10000)),
        migrations.AlterField(
            "session", "session_data", models.TextField(max_length=100000, verbose_name="session data")
        ),
        migrations.RunSQL(upgrade(LENGTHS), migrations.RunSQL.noop),
    ]
