"""Ratings, runs and results are never altered or deleted; of a run only the state goes on."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION rankings_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- without arguments TG_ARGV is null, and so would be the whole comparison
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - coalesce(TG_ARGV, '{}') <> to_jsonb(OLD) - coalesce(TG_ARGV, '{}') THEN
        RAISE EXCEPTION 'a row of % is kept as it was written', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER rankings_rating_keep AFTER UPDATE OR DELETE ON rankings_rating
    FOR EACH ROW EXECUTE FUNCTION rankings_keep_row();
CREATE TRIGGER rankings_run_keep AFTER UPDATE OR DELETE ON rankings_starrun
    FOR EACH ROW EXECUTE FUNCTION rankings_keep_row('state', 'state_since', 'published_by', 'published_at');
CREATE TRIGGER rankings_result_keep AFTER UPDATE OR DELETE ON rankings_starresult
    FOR EACH ROW EXECUTE FUNCTION rankings_keep_row();
"""
BACKWARD = """
DROP TRIGGER rankings_result_keep ON rankings_starresult;
DROP TRIGGER rankings_run_keep ON rankings_starrun;
DROP TRIGGER rankings_rating_keep ON rankings_rating;
DROP FUNCTION rankings_keep_row();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
