"""The name of a province's training centre comes from its list of authorities."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policy", "0004_of_one_province")]
    operations = [
        migrations.AddField(
            model_name="authority",
            name="enrolment_centre",
            field=models.CharField(
                blank=True, default="", help_text="of a province: who sends enrolments on", max_length=60
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="authority",
            name="enrolment_centre_en",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="policypack",
            name="version",
            field=models.CharField(help_text="what decisions are stamped with: ID@REVISION", max_length=60, unique=True),
        ),
    ]
