"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, SetOnce

CANDIDATES = """
CREATE FUNCTION sittings_keep_candidacy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    sitting_state text;
BEGIN
    EXECUTE format('SELECT state FROM %I.sittings_sitting WHERE id = $1', TG_TABLE_SCHEMA)
        INTO sitting_state USING OLD.sitting_id;
    IF sitting_state <> 'draft' THEN
        RAISE EXCEPTION 'a candidate of a sitting that was filed is kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION sittings_keep_candidacy() FROM PUBLIC;
CREATE TRIGGER sittings_candidacy_keep BEFORE UPDATE OF seat OR DELETE ON sittings_candidacy
    FOR EACH ROW EXECUTE FUNCTION sittings_keep_candidacy();
"""


class Migration(migrations.Migration):
    dependencies = [("sittings", "0002_checked_heads"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "sittings_sitting", "draft>filed", "filed>checkin_open", "checkin_open>running", "checkin_open>closed",
            "running>closed", "closed>minutes_signed", "minutes_signed>finalised", "draft>cancelled",
            "filed>cancelled", "checkin_open>cancelled",
        ),
        SetOnce("sittings_sitting", "filed_at"),
        migrations.RunSQL(CANDIDATES, "DROP FUNCTION sittings_keep_candidacy() CASCADE"),
    ]
