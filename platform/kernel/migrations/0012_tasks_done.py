"""A task that was asked for is removed only once it is done."""

from django.db import migrations

from kernel.db.moves import RefuseRemoval, SetOnce


class Migration(migrations.Migration):
    dependencies = [("kernel", "0011_json_levels")]
    operations = [
        RefuseRemoval("kernel_outbox", "asked", "OLD.done_at IS NULL"),
        SetOnce("kernel_outbox", "done_at"),
    ]
