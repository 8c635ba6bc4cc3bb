"""Classes that were opened before are filed with the platform as they stand, and their free places follow their seats.

`rollup_courses_places(mend)` compares the figures with the seats and, where asked, writes again those that differ
(manage.py recompute_rollups): with all classes locked before, in one order, for whoever holds a figure holds its class.
"""

from django.db import migrations

FORWARD = """
INSERT INTO public.filings_classversion (
    id, version, institution_id, first_received_at, received_at, fact_id, name, position, programme, class_hours,
    division_code, place, starts_on, ends_on, enrols_until, seats, state
)
    SELECT gen_random_uuid(), 1, i.id, now(), now(), c.id, c.name, c.position, p.title, c.class_hours, o.division_code,
        c.place, c.starts_on, c.ends_on, c.ends_on, c.capacity, c.state
    FROM courses_trainingclass c JOIN courses_programme p ON p.id = c.programme_id
    JOIN public.institutions_institution i ON i.schema_name = current_schema()
    JOIN public.institutions_organisation o ON o.id = i.organisation_id
    WHERE c.state <> 'draft' ORDER BY c.id;
CREATE TRIGGER courses_class_places AFTER UPDATE OF capacity, seats_taken ON courses_trainingclass
    FOR EACH ROW WHEN (NEW.capacity - NEW.seats_taken <> OLD.capacity - OLD.seats_taken)
    EXECUTE FUNCTION public.filings_follow_seats();
CREATE FUNCTION rollup_courses_places(mend boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    IF mend THEN
        PERFORM FROM courses_trainingclass ORDER BY id FOR NO KEY UPDATE;
    END IF;
    RETURN QUERY SELECT format('class %s: %s places free, should be %s', c.id, f.free, c.capacity - c.seats_taken)
        FROM courses_trainingclass c JOIN public.filings_classplaces f ON f.fact_id = c.id
        JOIN public.institutions_institution i ON i.id = f.institution_id AND i.schema_name = current_schema()
        WHERE f.free <> c.capacity - c.seats_taken ORDER BY c.id;
    IF mend THEN
        UPDATE public.filings_classplaces f SET free = c.capacity - c.seats_taken
        FROM courses_trainingclass c, public.institutions_institution i
        WHERE f.fact_id = c.id AND i.id = f.institution_id AND i.schema_name = current_schema()
            AND f.free <> c.capacity - c.seats_taken;
    END IF;
END $$;
REVOKE ALL ON FUNCTION rollup_courses_places(boolean) FROM PUBLIC;
SELECT count(*) FROM rollup_courses_places(true);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
BACKWARD = """
DROP FUNCTION rollup_courses_places(boolean);
DROP TRIGGER courses_class_places ON courses_trainingclass;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0006_words_of_stops"), ("filings", "0009_followed_seats")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
