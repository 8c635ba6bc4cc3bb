"""The platform is never without an operator: the last role in force does not end, also where two end each other's."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION identity_keep_operator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('identity_keep_operator'));
    IF NOT EXISTS (
        SELECT 1 FROM public.identity_rolegrant WHERE role = 'platform_operator' AND ended_at IS NULL AND id <> OLD.id
    ) THEN
        RAISE EXCEPTION 'the last operator stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER identity_keep_operator BEFORE UPDATE ON identity_rolegrant FOR EACH ROW
    WHEN (
        OLD.role = 'platform_operator' AND OLD.ended_at IS NULL
        AND (NEW.ended_at IS NOT NULL OR NEW.role <> OLD.role)
    ) EXECUTE FUNCTION identity_keep_operator();
"""
BACKWARD = """
DROP TRIGGER identity_keep_operator ON identity_rolegrant;
DROP FUNCTION identity_keep_operator();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_recovery_by_two")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
