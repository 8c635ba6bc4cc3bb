"""The time added to an attempt is the sum of its grants: no role writes the figure, a trigger does.

The attempt's row is the lock, which the live gateway takes too. As of the seats of a class (courses 0002).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION attempts_add_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    ELSIF TG_TABLE_NAME = 'attempts_attempt' THEN
        RAISE EXCEPTION 'an attempt begins with no time added' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format('SELECT FROM %I.attempts_attempt WHERE id = $1 FOR NO KEY UPDATE', TG_TABLE_SCHEMA)
        USING NEW.attempt_id;
    EXECUTE format(
        'UPDATE %1$I.attempts_attempt a SET added_time ='
        ' (SELECT sum(g.duration) FROM %1$I.attempts_timegrant g WHERE g.attempt_id = a.id) WHERE a.id = $1',
        TG_TABLE_SCHEMA
    ) USING NEW.attempt_id;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION attempts_add_time() FROM PUBLIC;
CREATE TRIGGER attempts_grant_add AFTER INSERT ON attempts_timegrant
    FOR EACH ROW EXECUTE FUNCTION attempts_add_time();
CREATE TRIGGER attempts_attempt_none BEFORE INSERT ON attempts_attempt
    FOR EACH ROW WHEN (NEW.added_time <> interval '0') EXECUTE FUNCTION attempts_add_time();
CREATE FUNCTION rollup_attempts_time(mend boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT format('attempt %s: %s added, %s granted', a.id, a.added_time, coalesce(sum(g.duration), '0'))
        FROM attempts_attempt a LEFT JOIN attempts_timegrant g ON g.attempt_id = a.id
        GROUP BY a.id HAVING coalesce(sum(g.duration), '0') <> a.added_time ORDER BY a.id;
    IF mend THEN
        UPDATE attempts_attempt a SET added_time = granted.total
        FROM (
            SELECT k.id, coalesce(
                (SELECT sum(g.duration) FROM attempts_timegrant g WHERE g.attempt_id = k.id), '0'
            ) AS total FROM attempts_attempt k
        ) granted
        WHERE granted.id = a.id AND granted.total <> a.added_time;
    END IF;
END $$;
REVOKE ALL ON FUNCTION rollup_attempts_time(boolean) FROM PUBLIC;
"""
BACKWARD = """
DROP FUNCTION rollup_attempts_time(boolean);
DROP FUNCTION attempts_add_time() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("attempts", "0001_initial"), ("institutions", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
