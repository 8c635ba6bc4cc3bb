"""Notes are only added: nobody changes or deletes one; a seal is set once, from nothing. Heads are added and stay.

The functions stand in the shared schema, for the triggers of all. A note comes without a seal, unless the owner of the
table brings it back from an archive. Whole schemas are dropped by DDL, which no trigger holds.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.kernel_keep_note() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    unsealed record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
            RAISE EXCEPTION 'a note comes without a seal' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        unsealed := NEW;
        unsealed.seal_no := NULL;
        unsealed.seal := NULL;
        IF NEW.seal_no IS NOT NULL AND NEW.seal IS NOT NULL AND NOT (unsealed *<> OLD) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a note of the audit never changes, but for its seal, once' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.kernel_keep_head() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'a filed head of the audit never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER kernel_note_keep BEFORE UPDATE OR DELETE ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION public.kernel_keep_note();
CREATE TRIGGER kernel_note_sealed BEFORE INSERT ON kernel_auditentry
    FOR EACH ROW WHEN (NEW.seal_no IS NOT NULL OR NEW.seal IS NOT NULL) EXECUTE FUNCTION public.kernel_keep_note();
CREATE TRIGGER kernel_note_all BEFORE TRUNCATE ON kernel_auditentry EXECUTE FUNCTION public.kernel_keep_note();
CREATE TRIGGER kernel_head_keep BEFORE UPDATE OR DELETE ON kernel_audithead
    FOR EACH ROW EXECUTE FUNCTION public.kernel_keep_head();
CREATE TRIGGER kernel_head_all BEFORE TRUNCATE ON kernel_audithead EXECUTE FUNCTION public.kernel_keep_head();
"""
BACKWARD = """
DROP TRIGGER kernel_head_all ON kernel_audithead;
DROP TRIGGER kernel_head_keep ON kernel_audithead;
DROP TRIGGER kernel_note_all ON kernel_auditentry;
DROP TRIGGER kernel_note_sealed ON kernel_auditentry;
DROP TRIGGER kernel_note_keep ON kernel_auditentry;
DROP FUNCTION public.kernel_keep_head();
DROP FUNCTION public.kernel_keep_note();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_audit_heads")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
