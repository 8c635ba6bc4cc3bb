"""A certificate is found by its folded number and its holder's folded name; no number stands twice, however written."""

from django.db import migrations, models

import kernel.folding


class Migration(migrations.Migration):
    dependencies = [("certificates", "0005_one_live"), ("kernel", "0010_folding")]
    operations = [
        migrations.AddIndex(
            "certificate", models.Index(kernel.folding.FoldedName("holder"), name="certificates_by_holder")
        ),
        migrations.AddConstraint(
            "certificate",
            models.UniqueConstraint(kernel.folding.FoldedNumber("number"), name="certificates_number_once"),
        ),
    ]
