"""An attempt keeps its key, which a row's lock lets the gateway change; a score is written once, of a test handed in.

A schema that no institution works in (a copy from an archive) is brought back as it was.
"""

from django.db import migrations

from kernel.db.moves import RefuseChange

FORWARD = """
CREATE FUNCTION attempts_keep_score() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    handed_in boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT a.state = ''finished'' FROM %I.attempts_attempt a WHERE a.id = $1', TG_TABLE_SCHEMA)
        INTO handed_in USING NEW.attempt_id;
    IF handed_in IS NOT TRUE THEN
        RAISE EXCEPTION 'a score is of a test that was handed in and has none yet'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION attempts_keep_score() FROM PUBLIC;
CREATE TRIGGER attempts_score_handed_in BEFORE INSERT ON attempts_score
    FOR EACH ROW EXECUTE FUNCTION attempts_keep_score();
"""
BACKWARD = """
DROP TRIGGER attempts_score_handed_in ON attempts_score;
DROP FUNCTION attempts_keep_score();
"""


class Migration(migrations.Migration):
    dependencies = [("attempts", "0007_annulments_taken_back"), ("institutions", "0001_initial")]
    operations = [
        RefuseChange("attempts_attempt", "key", "OLD.id <> NEW.id"),
        RefuseChange(
            "attempts_attempt",
            "unfinished",
            "NEW.finished_at IS NOT NULL AND NEW.state NOT IN ('finished', 'scored', 'confirmed', 'annulled')",
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
