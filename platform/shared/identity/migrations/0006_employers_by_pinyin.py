"""Employers stand in lists by their pinyin."""

from django.db import migrations

import kernel.pinyin



class Migration(migrations.Migration):
    dependencies = [("identity", "0005_idle_sign_ins"), ("kernel", "0006_pinyin_key")]
    operations = [
        migrations.AlterModelOptions("employer", {"ordering": [kernel.pinyin.PinyinKey("name"), "id"]}),
    ]
