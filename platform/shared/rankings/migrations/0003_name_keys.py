"""Of institutions with one place in a table, the first is that by its pinyin."""

from django.db import migrations, models

import kernel.pinyin



class Migration(migrations.Migration):
    dependencies = [("rankings", "0002_kept_rows"), ("kernel", "0006_pinyin_key")]
    operations = [
        migrations.AddField(
            "starresult",
            "name_key",
            models.GeneratedField(
                db_persist=True, expression=kernel.pinyin.PinyinKey("name"), output_field=models.BinaryField()
            ),
        ),
        migrations.AlterModelOptions("starresult", {"ordering": [models.OrderBy(models.F("place"), nulls_last=True), "name_key", "id"]}),
    ]
