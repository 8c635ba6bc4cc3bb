"""JSON has a limit of levels (kernel.db.bounds), for shared tables that were made before there was one."""

from django.db import migrations

from kernel.db.bounds import bound_levels

LENGTHS = {"bank_itemversion.stem": 20000, "bank_itemversion.reason": 20000, "kernel_auditentry.why": 10000}


class Migration(migrations.Migration):
    dependencies = [("kernel", "0010_folding")]
    operations = [migrations.RunSQL(bound_levels(LENGTHS), migrations.RunSQL.noop)]
