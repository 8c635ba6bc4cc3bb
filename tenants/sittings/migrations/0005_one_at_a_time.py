"""One room, one person on duty and one candidate are in one sitting at a time, whoever writes.

A room's hours are an exclusion constraint. People's hours stand in another table than their rows: a trigger takes a
lock of the person, so that of two additions at once the second sees the first, and looks. A schema that no institution
works in (a copy from an archive) is brought back as it was.
"""

import django.contrib.postgres.constraints
import django.db.models
from django.contrib.postgres.fields import RangeOperators
from django.db import migrations

PEOPLE = """
CREATE FUNCTION sittings_one_at_a_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    who uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
    other text;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(TG_TABLE_SCHEMA || TG_TABLE_NAME || who, 0));
    EXECUTE format(
        'SELECT s.number FROM %1$I.%2$I r JOIN %1$I.sittings_sitting s ON s.id = r.sitting_id'
        ' JOIN %1$I.sittings_sitting mine ON mine.id = $2'
        ' WHERE r.%3$I = $1 AND coalesce(to_jsonb(r) ->> ''left_at'', to_jsonb(r) ->> ''ended_at'') IS NULL'
        ' AND s.id <> mine.id AND s.state NOT IN (''cancelled'', ''finalised'')'
        ' AND s.starts_at < mine.ends_at AND s.ends_at > mine.starts_at LIMIT 1',
        TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0]
    ) INTO other USING who, NEW.sitting_id;
    IF other IS NOT NULL THEN
        RAISE EXCEPTION 'in sitting % at that time', other
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION sittings_one_at_a_time() FROM PUBLIC;
CREATE TRIGGER sittings_candidate_free BEFORE INSERT ON sittings_candidacy
    FOR EACH ROW EXECUTE FUNCTION sittings_one_at_a_time('person_id');
CREATE TRIGGER sittings_duty_free BEFORE INSERT ON sittings_duty
    FOR EACH ROW EXECUTE FUNCTION sittings_one_at_a_time('account_id');
"""


class Migration(migrations.Migration):
    dependencies = [("sittings", "0004_left_candidates"), ("institutions", "0001_initial"), ("policy", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            model_name="sitting",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=django.db.models.Q(("state__in", ["cancelled", "finalised"]), _negated=True),
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (
                        django.db.models.Func(
                            django.db.models.F("starts_at"), django.db.models.F("ends_at"), function="tstzrange"
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                name="sittings_room_free",
            ),
        ),
        migrations.RunSQL(PEOPLE, "DROP FUNCTION sittings_one_at_a_time() CASCADE"),
    ]
