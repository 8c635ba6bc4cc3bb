"""Seats that are taken are counted by the database from who holds one: no role writes the figure, a trigger does.

The class's row is the lock: of two seats at once the second is counted after the first, and the CHECK against the
capacity holds. A schema that no institution works in (a copy from an archive) is brought back with its figures.

`rollup_…(mend)` returns what differs from the rows counted, and sets it right where asked (manage.py recompute_rollups).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION courses_count_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    ELSIF TG_TABLE_NAME = 'courses_trainingclass' THEN
        RAISE EXCEPTION 'a class begins with no seat taken' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format('SELECT FROM %I.courses_trainingclass WHERE id = $1 FOR NO KEY UPDATE', TG_TABLE_SCHEMA)
        USING NEW.training_class_id;
    EXECUTE format(
        'UPDATE %1$I.courses_trainingclass c SET seats_taken = (SELECT count(*) FROM %1$I.courses_participant p'
        ' WHERE p.training_class_id = c.id AND p.left_at IS NULL) WHERE c.id = $1', TG_TABLE_SCHEMA
    ) USING NEW.training_class_id;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION courses_count_seats() FROM PUBLIC;
CREATE TRIGGER courses_seat_count AFTER INSERT OR UPDATE OF left_at ON courses_participant
    FOR EACH ROW EXECUTE FUNCTION courses_count_seats();
CREATE TRIGGER courses_class_empty BEFORE INSERT ON courses_trainingclass
    FOR EACH ROW WHEN (NEW.seats_taken <> 0) EXECUTE FUNCTION courses_count_seats();
CREATE FUNCTION rollup_courses_seats(mend boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT format('class %s: %s seats taken, %s held', c.id, c.seats_taken, count(p.id))
        FROM courses_trainingclass c
        LEFT JOIN courses_participant p ON p.training_class_id = c.id AND p.left_at IS NULL
        GROUP BY c.id HAVING count(p.id) <> c.seats_taken ORDER BY c.id;
    IF mend THEN
        UPDATE courses_trainingclass c SET seats_taken = counted.seats
        FROM (
            SELECT k.id, (
                SELECT count(*) FROM courses_participant p WHERE p.training_class_id = k.id AND p.left_at IS NULL
            ) AS seats FROM courses_trainingclass k
        ) counted
        WHERE counted.id = c.id AND counted.seats <> c.seats_taken;
    END IF;
END $$;
CREATE FUNCTION rollup_courses_heartbeats(mend boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT format('session %s: %s heartbeats counted, %s there', s.id, s.heartbeat_count, count(h.id))
        FROM courses_studysession s LEFT JOIN courses_heartbeat h ON h.session_id = s.id
        GROUP BY s.id HAVING count(h.id) <> s.heartbeat_count ORDER BY s.id;
    IF mend THEN
        UPDATE courses_studysession s SET heartbeat_count = counted.n
        FROM (
            SELECT k.id, (SELECT count(*) FROM courses_heartbeat h WHERE h.session_id = k.id) AS n
            FROM courses_studysession k
        ) counted
        WHERE counted.id = s.id AND counted.n <> s.heartbeat_count;
    END IF;
END $$;
REVOKE ALL ON FUNCTION rollup_courses_seats(boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION rollup_courses_heartbeats(boolean) FROM PUBLIC;
"""
BACKWARD = """
DROP FUNCTION rollup_courses_heartbeats(boolean);
DROP FUNCTION rollup_courses_seats(boolean);
DROP FUNCTION courses_count_seats() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial"), ("institutions", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
