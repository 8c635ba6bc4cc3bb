"""A consent says in which schema it was entered: an institution's, or the shared one; before now nobody wrote it down."""

from django.db import migrations, models

import kernel.tenancy

FIELD = {"max_length": 63, "help_text": "the schema of the host where it was entered; blank for the first releases"}


class Migration(migrations.Migration):
    dependencies = [("identity", "0009_role_scopes")]
    operations = [
        migrations.AddField("consent", "given_in", models.CharField(default="", **FIELD)),
        migrations.AlterField(
            "consent", "given_in", models.CharField(blank=True, default=kernel.tenancy.current_schema, **FIELD)
        ),
    ]
