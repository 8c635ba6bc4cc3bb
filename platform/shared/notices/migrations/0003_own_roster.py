"""Whether somebody stands on the roster of the institution that asks, also before a place is claimed: who has applied
there is told what becomes of it. Row security asks it of the role that acts, in that role's own schema.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION public.notices_on_own_roster(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    stands boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.rosters_enrolment WHERE person_id = $1)',
                   public.current_institution_schema()) INTO stands USING person;
    RETURN stands;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_held_moves")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION public.notices_on_own_roster(uuid)")]
