"""What was found on site may be corrected until the opinion is signed; then it stays, whoever writes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION registry_keep_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' OR EXISTS (
        SELECT FROM public.registry_verification WHERE commitment_id = NEW.commitment_id AND version = NEW.version
    ) THEN
        RAISE EXCEPTION 'a finding under a signed opinion is kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry_keep_check() FROM PUBLIC;
CREATE TRIGGER registry_check_keep BEFORE INSERT OR UPDATE OR DELETE ON registry_check
    FOR EACH ROW EXECUTE FUNCTION registry_keep_check();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_bounds")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION registry_keep_check() CASCADE")]
