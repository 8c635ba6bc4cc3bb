"""A file lies in the folder of the schema that has it, under a key: no row leads to a file of somebody else's."""

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Right


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "file",
            models.CheckConstraint(
                condition=Q(
                    ("path", Concat(F("owner_schema"), Value("/"), Right(F("path"), 36))),
                    ("path__regex", "/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
                ),
                name="records_file_folder",
            ),
        ),
    ]
