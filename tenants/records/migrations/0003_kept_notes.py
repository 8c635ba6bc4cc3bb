"""Notes are only added: nobody changes or deletes one; a seal is set once, from nothing (kernel 0003)."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER tenant_records_note_keep BEFORE UPDATE OR DELETE ON tenant_records_auditentry
    FOR EACH ROW EXECUTE FUNCTION public.kernel_keep_note();
CREATE TRIGGER tenant_records_note_sealed BEFORE INSERT ON tenant_records_auditentry
    FOR EACH ROW WHEN (NEW.seal_no IS NOT NULL OR NEW.seal IS NOT NULL) EXECUTE FUNCTION public.kernel_keep_note();
CREATE TRIGGER tenant_records_note_all BEFORE TRUNCATE ON tenant_records_auditentry
    EXECUTE FUNCTION public.kernel_keep_note();
"""
BACKWARD = """
DROP TRIGGER tenant_records_note_all ON tenant_records_auditentry;
DROP TRIGGER tenant_records_note_sealed ON tenant_records_auditentry;
DROP TRIGGER tenant_records_note_keep ON tenant_records_auditentry;
"""


class Migration(migrations.Migration):
    dependencies = [("tenant_records", "0002_keyed_seals"), ("kernel", "0003_kept_notes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
