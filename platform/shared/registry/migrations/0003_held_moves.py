"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, SetOnce

LINES = """
CREATE FUNCTION registry_keep_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (
        SELECT state FROM public.registry_commitment WHERE id = NEW.commitment_id
    ) NOT IN ('draft', 'verified_false', 'returned') THEN
        RAISE EXCEPTION 'a line of a commitment that was signed is kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry_keep_line() FROM PUBLIC;
CREATE TRIGGER registry_line_keep BEFORE INSERT OR UPDATE OR DELETE ON registry_line
    FOR EACH ROW EXECUTE FUNCTION registry_keep_line();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_name_keys"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "registry_commitment", "draft>self_checked", "draft>submitted", "verified_false>submitted",
            "returned>submitted", "submitted>under_notice", "submitted>verified_false", "under_notice>returned",
            "under_notice>uploading", "uploading>receipted", "receipted>listed", "draft>withdrawn",
            "verified_false>withdrawn", "returned>withdrawn", "submitted>withdrawn", "under_notice>withdrawn",
        ),
        HoldMoves(
            "registry_objection", "open>upheld", "open>dismissed",
        ),
        SetOnce("registry_evidence", "removed_at"),
        SetOnce("registry_objection", "decided_at", "decided_by"),
        SetOnce("registry_publicnotice", "ended_at"),
        migrations.RunSQL(LINES, "DROP FUNCTION registry_keep_line() CASCADE"),
    ]
