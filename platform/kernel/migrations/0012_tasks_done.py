"""A task that was asked for is removed only once it is done, and what is done is not to be done again."""

from django.db import migrations

from kernel.db.moves import RefuseChange, RefuseRemoval


class Migration(migrations.Migration):
    dependencies = [("kernel", "0011_json_levels")]
    operations = [
        RefuseRemoval("kernel_outbox", "asked", "OLD.done_at IS NULL"),
        RefuseChange("kernel_outbox", "done", "OLD.done_at IS NOT NULL AND NEW.done_at IS NULL"),
    ]
