"""An upload may be made by hand: its receipt then says which officer wrote it down, and when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_held_moves")]
    operations = [
        migrations.AddField(
            model_name="upload",
            name="recorded_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="recorded_name",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="upload",
            name="recorded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recorded_at", None), ("recorded_by", None), ("recorded_name", "")),
                    models.Q(
                        ("received_at__lte", models.F("recorded_at")),
                        ("recorded_at__isnull", False),
                        ("recorded_by__isnull", False),
                        models.Q(("recorded_name", ""), _negated=True),
                        models.Q(("receipt_no", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_upload_recorded",
            ),
        ),
    ]
