"""What a certificate said is never altered or deleted, and a number once given is never changed, freed or used again."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION certificates_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'superseded_at' <> to_jsonb(OLD) - 'superseded_at' THEN
        RAISE EXCEPTION 'a version of a certificate never changes but for its end'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION certificates_keep_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number OR NEW.attempt_id <> OLD.attempt_id THEN
        RAISE EXCEPTION 'a certificate keeps its number and its test' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER certificates_version_keep AFTER UPDATE OR DELETE ON certificates_certificateversion
    FOR EACH ROW EXECUTE FUNCTION certificates_keep_version();
CREATE TRIGGER certificates_number_keep AFTER UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_keep_number();
"""
BACKWARD = """
DROP TRIGGER certificates_number_keep ON certificates_certificate;
DROP TRIGGER certificates_version_keep ON certificates_certificateversion;
DROP FUNCTION certificates_keep_number();
DROP FUNCTION certificates_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
