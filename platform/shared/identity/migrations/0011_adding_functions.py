"""People, accounts, consents and roles are added by functions that run as the owner: by the row and by the set.

Rows come as JSON, each with its columns. An institution, which has no right to insert them, is refused
(insufficient_privilege) what is not its own to add; the platform and the owner add what the tables take. Who acts is
asked of public.acting_institution (kernel.db.row_security), which applying the grants makes.
"""

from django.db import migrations

PEOPLE = """
CREATE FUNCTION public.identity_add_people(people jsonb, accounts jsonb, addresses jsonb, consents jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here record;
BEGIN
    SELECT * INTO here FROM public.acting_institution();
    IF here.schema IS NOT NULL THEN
        IF EXISTS (
            SELECT FROM jsonb_populate_recordset(NULL::public.identity_account, accounts) a
            WHERE a.password IS NULL OR a.password NOT LIKE '!%' OR a.mobile_verified_at IS NOT NULL
        ) OR EXISTS (
            SELECT FROM jsonb_populate_recordset(NULL::public.account_emailaddress, addresses) e
            WHERE e.verified
        ) THEN
            RAISE EXCEPTION 'an institution adds no account with a password or a proven address'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF EXISTS (
            SELECT FROM jsonb_populate_recordset(NULL::public.identity_account, accounts) a
            FULL JOIN jsonb_populate_recordset(NULL::public.identity_person, people) p ON p.id = a.person_id
            WHERE a.id IS NULL OR (p.id IS NULL AND a.person_id IS NOT NULL)
        ) THEN
            RAISE EXCEPTION 'an institution adds a person with an account, and an account of nobody who is there'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF EXISTS (
            SELECT e.user_id FROM jsonb_populate_recordset(NULL::public.account_emailaddress, addresses) e
            UNION ALL SELECT c.account_id FROM jsonb_populate_recordset(NULL::public.identity_consent, consents) c
            EXCEPT SELECT a.id FROM jsonb_populate_recordset(NULL::public.identity_account, accounts) a
        ) OR EXISTS (
            SELECT FROM jsonb_populate_recordset(NULL::public.identity_consent, consents) c
            WHERE c.given_by = c.account_id
        ) THEN
            RAISE EXCEPTION 'an institution adds addresses and consents of accounts that it adds, and says who took them'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    INSERT INTO public.identity_person
        (id, name, id_type, id_number, id_blind, born, sex, mobile, mobile_blind, made_at)
        SELECT id, name, id_type, id_number, id_blind, born, sex, mobile, mobile_blind, made_at
        FROM jsonb_populate_recordset(NULL::public.identity_person, people);
    INSERT INTO public.identity_account
        (id, password, name, email, mobile, mobile_blind, mobile_verified_at, person_id, language, made_at)
        SELECT id, password, name, email, mobile, mobile_blind, mobile_verified_at, person_id, language, made_at
        FROM jsonb_populate_recordset(NULL::public.identity_account, accounts);
    INSERT INTO public.account_emailaddress (user_id, email, "primary", verified)
        SELECT user_id, email, "primary", verified
        FROM jsonb_populate_recordset(NULL::public.account_emailaddress, addresses);
    INSERT INTO public.identity_consent
        (id, account_id, kind, version, recipient, channel, given_at, given_by, given_in, withdrawn_channel)
        SELECT id, account_id, kind, version, recipient, channel, given_at, given_by, coalesce(here.schema, given_in), ''
        FROM jsonb_populate_recordset(NULL::public.identity_consent, consents);
END $$;
"""
CONSENTS = """
CREATE FUNCTION public.identity_add_consents(consents jsonb)
RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here record;
BEGIN
    SELECT * INTO here FROM public.acting_institution();
    IF here.schema IS NOT NULL AND EXISTS (
        SELECT FROM jsonb_populate_recordset(NULL::public.identity_consent, consents) c
        WHERE c.channel <> 'counter' OR c.given_by IS NULL OR c.given_by = c.account_id OR NOT EXISTS (
            SELECT FROM public.identity_account a
            JOIN public.identity_activeenrolment e ON e.person_id = a.person_id AND e.institution_id = here.id
            WHERE a.id = c.account_id AND a.closed_at IS NULL
        )
    ) THEN
        RAISE EXCEPTION 'an institution adds what its own people signed at its counter'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY INSERT INTO public.identity_consent
        (id, account_id, kind, version, recipient, channel, given_at, given_by, given_in, withdrawn_channel)
        SELECT id, account_id, kind, version, recipient, channel, given_at, given_by,
            coalesce(here.schema, given_in), ''
        FROM jsonb_populate_recordset(NULL::public.identity_consent, consents)
        ON CONFLICT (account_id, kind, version, recipient) WHERE withdrawn_at IS NULL DO NOTHING
        RETURNING identity_consent.id;
END $$;
"""
ROLES = """
CREATE FUNCTION public.identity_add_roles(roles jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here record;
BEGIN
    SELECT * INTO here FROM public.acting_institution();
    IF here.schema IS NOT NULL THEN
        IF EXISTS (
            SELECT FROM jsonb_populate_recordset(NULL::public.identity_rolegrant, roles) r
            WHERE r.scope IS DISTINCT FROM here.organisation::text
            OR r.role NOT IN ('principal', 'registrar', 'teacher', 'proctor', 'chief_proctor', 'cashier')
        ) THEN
            RAISE EXCEPTION 'an institution adds roles of its own staff' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF EXISTS (
            SELECT FROM jsonb_populate_recordset(NULL::public.identity_rolegrant, roles) r
            WHERE NOT EXISTS (
                SELECT FROM public.identity_rolegrant p WHERE p.account_id = r.granted_by AND p.role = 'principal'
                AND p.scope = r.scope AND p.granted_at <= r.granted_at AND p.ended_at IS NULL
            ) OR EXISTS (
                SELECT FROM public.identity_rolegrant b WHERE b.account_id = r.account_id AND b.role = r.role
                AND b.scope = r.scope AND b.ended_at > r.granted_at
            ) OR EXISTS (
                SELECT FROM public.identity_account a WHERE a.id = r.account_id AND a.closed_at IS NOT NULL
            )
        ) THEN
            RAISE EXCEPTION 'a role of the staff is given by a principal in office, to an open account, and not backdated'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    INSERT INTO public.identity_rolegrant (id, account_id, role, scope, granted_at, granted_by)
        SELECT id, account_id, role, scope, granted_at, granted_by
        FROM jsonb_populate_recordset(NULL::public.identity_rolegrant, roles);
END $$;
"""
# Who may run them is declared in config.function_grants, and granted when the grants are applied.
NOBODY = """
REVOKE ALL ON FUNCTION public.identity_add_people(jsonb, jsonb, jsonb, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.identity_add_consents(jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.identity_add_roles(jsonb) FROM PUBLIC;
"""
BACKWARD = """
DROP FUNCTION public.identity_add_roles(jsonb);
DROP FUNCTION public.identity_add_consents(jsonb);
DROP FUNCTION public.identity_add_people(jsonb, jsonb, jsonb, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0010_consents_given_in"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunSQL(PEOPLE + CONSENTS + ROLES + NOBODY, BACKWARD)]
