"""A filed price names a ceiling of its institution's own authorities that was in force on the day it was published.

In force on a day is a ceiling whose period (`effective_from` to `effective_to`, both included) holds that day of
Asia/Shanghai; one for every position only where the position has none of its own, as `policy.queries.caps.cap_at`
chooses. Whose ceiling counts: the authority that answers for the institution, and those above it. That is asked when a
row is added, not later: a ceiling may end on the day before, and what was priced under it that day stands.

The check stands in the shared schema, for billing's triggers too. Of a filed price only its end moves, once.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.filings_check_ceiling(
    for_institution uuid, cap_key uuid, item text, for_position text, per_unit text, most bigint, moment timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    on_day date := (moment AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF NOT EXISTS (
        WITH RECURSIVE office (code) AS (
            SELECT o.authority_code::text FROM public.institutions_institution i
            JOIN public.institutions_organisation o ON o.id = i.organisation_id WHERE i.id = for_institution
            UNION
            SELECT above.code::text FROM office JOIN public.policy_authority here ON here.code = office.code
            JOIN public.policy_authority above ON above.id = here.parent_id
        )
        SELECT FROM public.policy_feecap c JOIN office ON office.code = c.jurisdiction
        WHERE c.id = cap_key AND c.fee_item = item AND c.unit = per_unit AND c.max_amount = most
        AND c.position IN ('', for_position) AND on_day BETWEEN c.effective_from AND coalesce(c.effective_to, 'infinity')
        AND (c.position = for_position OR NOT EXISTS (
            SELECT FROM public.policy_feecap closer
            WHERE closer.jurisdiction = c.jurisdiction AND closer.fee_item = c.fee_item AND closer.unit = c.unit
            AND closer.position = for_position
            AND on_day BETWEEN closer.effective_from AND coalesce(closer.effective_to, 'infinity')
        ))
    ) THEN
        RAISE EXCEPTION 'no ceiling of the own authorities that is in force on %', on_day
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;
CREATE FUNCTION public.filings_hold_price() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM public.filings_check_ceiling(
            NEW.institution_id, NEW.cap_id, NEW.fee_item, NEW.position, NEW.unit, NEW.max_amount, NEW.published_at
        );
        RETURN NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - '{in_force,received_at}'::text[] = to_jsonb(OLD) - '{in_force,received_at}'::text[]
        AND (OLD.in_force OR NOT NEW.in_force) THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'a filed price never changes, but for its end' USING ERRCODE = 'integrity_constraint_violation';
END $$;
REVOKE ALL ON FUNCTION public.filings_check_ceiling(uuid, uuid, text, text, text, bigint, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.filings_hold_price() FROM PUBLIC;
CREATE TRIGGER filings_price_hold AFTER INSERT OR UPDATE OR DELETE ON filings_publishedprice
    FOR EACH ROW EXECUTE FUNCTION public.filings_hold_price();
CREATE TRIGGER filings_price_all BEFORE TRUNCATE ON filings_publishedprice
    EXECUTE FUNCTION public.filings_hold_price();
"""
BACKWARD = """
DROP TRIGGER filings_price_all ON filings_publishedprice;
DROP TRIGGER filings_price_hold ON filings_publishedprice;
DROP FUNCTION public.filings_hold_price();
DROP FUNCTION public.filings_check_ceiling(uuid, uuid, text, text, text, bigint, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0002_prices_in_force"),
        ("institutions", "0001_initial"),
        ("policy", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
