"""A consent is evidence: it goes with an account that nobody ever proved, and never else. Who let somebody in stays."""

from django.db import migrations

from kernel.db.moves import RefuseChange, SetOnce

FORWARD = """
CREATE FUNCTION identity_keep_account() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    account uuid := (to_jsonb(OLD)->>TG_ARGV[0])::uuid;
BEGIN
    PERFORM FROM public.identity_account a
      WHERE a.id = account AND a.person_id IS NULL AND a.last_login IS NULL AND a.mobile_verified_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM public.account_emailaddress e WHERE e.user_id = account AND e.verified)
        AND NOT EXISTS (SELECT 1 FROM public.identity_rolegrant g WHERE g.account_id = account);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a row of % stays: its account was proven or used', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER identity_consent_kept BEFORE DELETE ON identity_consent
    FOR EACH ROW EXECUTE FUNCTION identity_keep_account('account_id');
CREATE TRIGGER identity_account_kept BEFORE DELETE ON identity_account
    FOR EACH ROW EXECUTE FUNCTION identity_keep_account('id');
"""
BACKWARD = """
DROP TRIGGER identity_account_kept ON identity_account;
DROP TRIGGER identity_consent_kept ON identity_consent;
DROP FUNCTION identity_keep_account();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0011_adding_functions"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        SetOnce("identity_recoveryrequest", "checked_by", "settled_by"),
        RefuseChange("identity_consent", "channel", "OLD.withdrawn_at IS NOT NULL AND"
                     " OLD.withdrawn_channel <> NEW.withdrawn_channel"),
    ]
