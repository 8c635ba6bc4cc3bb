"""A run of the stars is published once: when and by whom stays."""

from django.db import migrations

from kernel.db.moves import SetOnce


class Migration(migrations.Migration):
    dependencies = [("rankings", "0007_carried_stars")]
    operations = [SetOnce("rankings_starrun", "published_at", "published_by")]
