"""Drafts of the next version: what lies before the second officer, or is settled, never changes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION lawbook_keep_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a draft of the law is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('approved', 'withdrawn') THEN
        RAISE EXCEPTION 'a settled draft never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'submitted' AND (NEW.jurisdiction, NEW.base, NEW.body, NEW.edition, NEW.authors)
        IS DISTINCT FROM (OLD.jurisdiction, OLD.base, OLD.body, OLD.edition, OLD.authors) THEN
        RAISE EXCEPTION 'what is submitted does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lawbook_draft_keep AFTER UPDATE OR DELETE ON lawbook_policydraft
    FOR EACH ROW EXECUTE FUNCTION lawbook_keep_draft();
"""
BACKWARD = """
DROP TRIGGER lawbook_draft_keep ON lawbook_policydraft;
DROP FUNCTION lawbook_keep_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("lawbook", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
