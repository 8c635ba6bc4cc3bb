"""JSON has a limit of levels (kernel.db.bounds), for an institution's tables that were made before there was one."""

from django.db import migrations

from kernel.db.bounds import bound_levels

LENGTHS = {"proctoring_minutes.text": 5000, "tenant_records_auditentry.why": 10000}


class Migration(migrations.Migration):
    dependencies = [("tenant_records", "0004_bounds")]
    operations = [migrations.RunSQL(bound_levels(LENGTHS), migrations.RunSQL.noop)]
