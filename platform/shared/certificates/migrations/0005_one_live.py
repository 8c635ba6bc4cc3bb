"""A person has one certificate of a position that is valid or on its way; who has two must have one revoked first."""

import django.db.models
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("certificates", "0004_held_moves")]
    operations = [
        migrations.AddConstraint(
            model_name="certificate",
            constraint=django.db.models.UniqueConstraint(
                condition=django.db.models.Q(("state__in", ["requested", "sent", "issued"])),
                fields=("person", "position"),
                name="certificates_one_live",
            ),
        ),
    ]
