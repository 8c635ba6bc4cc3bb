"""An index of the few certificates that the ministry's system did not accept."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_kept_rows"), ("institutions", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(condition=Q(("state", "refused")), fields=["institution"], name="certificates_refused"),
        ),
    ]
