"""Organisations and institutions stand in lists by their pinyin."""

from django.db import migrations, models

import kernel.pinyin



class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial"), ("kernel", "0006_pinyin_key")]
    operations = [
        migrations.AddField(
            "organisation",
            "name_key",
            models.GeneratedField(
                db_persist=True, expression=kernel.pinyin.PinyinKey("name"), output_field=models.BinaryField()
            ),
        ),
        migrations.AddField(
            "institution",
            "name_key",
            models.GeneratedField(
                db_persist=True, expression=kernel.pinyin.PinyinKey("name"), output_field=models.BinaryField()
            ),
        ),
        migrations.AlterModelOptions("organisation", {"ordering": ["name_key", "id"]}),
        migrations.AlterModelOptions("institution", {"ordering": ["name_key", "id"]}),
    ]
