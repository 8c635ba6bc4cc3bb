"""Nobody becomes a candidate by a row of the matrix before a person has looked at the papers, whoever writes.

A schema that no institution works in (a copy from an archive) is brought back as it was.
"""

from django.db import migrations

PAPERS = """
CREATE FUNCTION sittings_papers_first() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    due boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    END IF;
    EXECUTE format(
        'SELECT rule <> %L AND papers_seen_at IS NULL FROM %I.rosters_enrolment WHERE id = $1', '', TG_TABLE_SCHEMA
    ) INTO due USING NEW.enrolment_id;
    IF due THEN
        RAISE EXCEPTION 'nobody has looked at the papers of this enrolment'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION sittings_papers_first() FROM PUBLIC;
CREATE TRIGGER sittings_candidate_papers BEFORE INSERT ON sittings_candidacy
    FOR EACH ROW EXECUTE FUNCTION sittings_papers_first();
"""


class Migration(migrations.Migration):
    dependencies = [("sittings", "0006_duty_ends"), ("rosters", "0003_papers_seen"), ("institutions", "0001_initial")]
    operations = [migrations.RunSQL(PAPERS, "DROP FUNCTION sittings_papers_first() CASCADE")]
