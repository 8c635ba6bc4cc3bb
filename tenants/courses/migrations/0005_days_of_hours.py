"""Hours that people enter lie on a day of their class that has come, and within what of it has passed, whoever writes.

A day holds no more than it has, and never less than nothing; of two entries at once the second sees the first. What
the law sets less than that, operations ask. A schema that no institution works in (a copy) is brought back as it was.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION courses_hold_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    entered timestamp := ((to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz) AT TIME ZONE 'Asia/Shanghai';
    starts date;
    ends date;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    END IF;
    EXECUTE format(
        'SELECT c.starts_on, c.ends_on FROM %1$I.courses_participant p JOIN %1$I.courses_trainingclass c'
        ' ON c.id = p.training_class_id WHERE p.id = $1', TG_TABLE_SCHEMA
    ) INTO starts, ends USING NEW.participant_id;
    IF NEW.day < starts OR NEW.day > ends OR NEW.day > entered::date THEN
        RAISE EXCEPTION 'no day of the class that has come: %', NEW.day USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.day = entered::date AND NEW.seconds > extract(epoch FROM entered - NEW.day) THEN
        RAISE EXCEPTION 'more than has passed of %', NEW.day USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION courses_hold_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    total bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(TG_TABLE_SCHEMA || 'hours of ' || NEW.person_id || NEW.day, 0));
    EXECUTE format(
        'SELECT coalesce(sum(seconds), 0) FROM %I.courses_hourentry WHERE person_id = $1 AND day = $2', TG_TABLE_SCHEMA
    ) INTO total USING NEW.person_id, NEW.day;
    IF total + NEW.seconds NOT BETWEEN 0 AND 86400 THEN
        RAISE EXCEPTION 'no day holds that: %', NEW.day USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION courses_hold_day() FROM PUBLIC;
REVOKE ALL ON FUNCTION courses_hold_sum() FROM PUBLIC;
CREATE TRIGGER courses_attendance_day BEFORE INSERT ON courses_attendance
    FOR EACH ROW EXECUTE FUNCTION courses_hold_day('at');
CREATE TRIGGER courses_correction_day BEFORE INSERT ON courses_correction
    FOR EACH ROW EXECUTE FUNCTION courses_hold_day('proposed_at');
CREATE TRIGGER courses_hour_sum BEFORE INSERT ON courses_hourentry
    FOR EACH ROW WHEN (NEW.kind <> 'online') EXECUTE FUNCTION courses_hold_sum();
"""
BACKWARD = "DROP FUNCTION courses_hold_sum() CASCADE; DROP FUNCTION courses_hold_day() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_bounds"), ("institutions", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
