"""A proposed ceiling never changes, begins and ends on no day before that of its proposal, and moves along its chart."""

from django.db import migrations

from kernel.db.moves import HoldMoves, SetOnce

FORWARD = """
CREATE FUNCTION lawbook_keep_cap_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'what is proposed is kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    day := (NEW.proposed_at AT TIME ZONE 'Asia/Shanghai')::date;
    IF NEW.effective_from < day OR NEW.effective_to < day THEN
        RAISE EXCEPTION 'no ceiling is backdated' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lawbook_cap_proposal_keep BEFORE INSERT OR DELETE OR UPDATE OF
    jurisdiction, cap_id, document_no, fee_item, position, unit, ceiling, decision_note, effective_from, effective_to,
    demo, why, impact, proposed_by, proposed_name, proposed_at
    ON lawbook_capproposal FOR EACH ROW EXECUTE FUNCTION lawbook_keep_cap_proposal();
"""


class Migration(migrations.Migration):
    dependencies = [("lawbook", "0004_cap_proposals"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves("lawbook_capproposal", "proposed>approved", "proposed>rejected", "proposed>withdrawn"),
        SetOnce("lawbook_capproposal", "decided_by", "made_id"),
        migrations.RunSQL(FORWARD, "DROP FUNCTION lawbook_keep_cap_proposal() CASCADE"),
    ]
