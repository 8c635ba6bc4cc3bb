"""Packs, ceilings and the calendar are neither altered (but for their end) nor deleted: decisions were made under them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION policy_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a row of % is never deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV THEN
        RAISE EXCEPTION 'a row of % never changes but for its end', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER policy_pack_keep AFTER UPDATE OR DELETE ON policy_policypack
    FOR EACH ROW EXECUTE FUNCTION policy_keep_row('effective_to');
CREATE TRIGGER policy_cap_keep AFTER UPDATE OR DELETE ON policy_feecap
    FOR EACH ROW EXECUTE FUNCTION policy_keep_row('effective_to', 'in_force');
CREATE TRIGGER policy_day_keep AFTER UPDATE OR DELETE ON policy_calendarday
    FOR EACH ROW EXECUTE FUNCTION policy_keep_row('superseded_at');
CREATE TRIGGER policy_plan_keep AFTER UPDATE OR DELETE ON policy_calendarplan
    FOR EACH ROW EXECUTE FUNCTION policy_keep_row('id');
"""
BACKWARD = """
DROP TRIGGER policy_plan_keep ON policy_calendarplan;
DROP TRIGGER policy_day_keep ON policy_calendarday;
DROP TRIGGER policy_cap_keep ON policy_feecap;
DROP TRIGGER policy_pack_keep ON policy_policypack;
DROP FUNCTION policy_keep_row();
"""


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
