"""A person has one open test for a position, and none after one that was passed for the same enrolment, whoever writes.

What became of a test stands here, so this is where the database can look; of two additions at once the second sees the
first. A schema that no institution works in (a copy from an archive) is brought back as it was.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION attempts_one_open_test() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    other text;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(TG_TABLE_SCHEMA || 'test of ' || NEW.person_id, 0));
    EXECUTE format(
        'SELECT s.number FROM %1$I.sittings_candidacy c JOIN %1$I.sittings_sitting s ON s.id = c.sitting_id'
        ' JOIN %1$I.sittings_sitting mine ON mine.id = $3'
        ' LEFT JOIN %1$I.attempts_attempt a ON a.candidacy_id = c.id'
        ' WHERE c.id <> $4 AND ('
        '   (c.enrolment_id = $1 OR (c.person_id = $2 AND s.position = mine.position))'
        '   AND s.state NOT IN (''cancelled'', ''finalised'')'
        '   AND coalesce(a.state, ''prepared'') IN (''prepared'', ''checked_in'', ''started'', ''on_hold'', ''finished'')'
        '   OR c.enrolment_id = $1 AND a.state IN (''scored'', ''confirmed'') AND ('
        '     SELECT p.passed FROM %1$I.attempts_score p WHERE p.attempt_id = a.id ORDER BY p.run DESC LIMIT 1))'
        ' LIMIT 1',
        TG_TABLE_SCHEMA
    ) INTO other USING NEW.enrolment_id, NEW.person_id, NEW.sitting_id, NEW.id;
    IF other IS NOT NULL THEN
        RAISE EXCEPTION 'a candidate of sitting % already', other
            USING ERRCODE = 'unique_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION attempts_one_open_test() FROM PUBLIC;
CREATE TRIGGER sittings_candidacy_one_test BEFORE INSERT ON sittings_candidacy
    FOR EACH ROW EXECUTE FUNCTION attempts_one_open_test();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("attempts", "0003_held_moves"), ("sittings", "0005_one_at_a_time"), ("institutions", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION attempts_one_open_test() CASCADE")]
