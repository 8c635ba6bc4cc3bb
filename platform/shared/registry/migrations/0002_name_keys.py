"""Announced institutions stand in lists by their pinyin."""

from django.db import migrations, models

import kernel.pinyin



class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("kernel", "0006_pinyin_key")]
    operations = [
        migrations.AddField(
            "announcement",
            "name_key",
            models.GeneratedField(
                db_persist=True, expression=kernel.pinyin.PinyinKey("name"), output_field=models.BinaryField()
            ),
        ),
        migrations.AlterModelOptions("announcement", {"ordering": ["name_key", "id"]}),
    ]
