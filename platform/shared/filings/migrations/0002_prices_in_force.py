"""The board counts the prices in force; most that were ever published are not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filings", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="publishedprice",
            index=models.Index(
                condition=models.Q(("in_force", True)), fields=["institution"], name="filings_price_in_force"
            ),
        ),
    ]
