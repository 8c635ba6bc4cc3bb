"""Versions of filed facts are added and never change; the newest of each fact is what a view shows.

All versions are of the institution that filed the first, and keep the moment when that was received. A sitting's state
goes on along its chart. A price names at first a ceiling that was in force on the day it was published (0003); its
second and last version says that it ended, and nothing else.
"""

from django.db import migrations

from kernel.db.versions import KeepVersions

REFUSE = "USING ERRCODE = 'integrity_constraint_violation'"
FACTS = f"""
CREATE FUNCTION public.filings_hold_sitting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    source text;
BEGIN
    SELECT state INTO source FROM public.filings_sittingversion
        WHERE fact_id = NEW.fact_id AND version = NEW.version - 1;
    IF source <> NEW.state AND source || '>' || NEW.state <> ALL (TG_ARGV) THEN
        RAISE EXCEPTION 'no sitting goes from % to %', source, NEW.state {REFUSE};
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION public.filings_hold_price() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.version = 1 THEN
        PERFORM public.filings_check_ceiling(
            NEW.institution_id, NEW.cap_id, NEW.fee_item, NEW.position, NEW.unit, NEW.max_amount, NEW.published_at
        );
    ELSIF NEW.in_force OR NOT EXISTS (
        SELECT FROM public.filings_priceversion p WHERE p.fact_id = NEW.fact_id AND p.version = NEW.version - 1
        AND p.in_force AND (
            p.class_id, p.class_name, p.position, p.fee_item, p.unit, p.amount, p.cap_id, p.max_amount, p.published_at
        ) = (
            NEW.class_id, NEW.class_name, NEW.position, NEW.fee_item, NEW.unit, NEW.amount, NEW.cap_id, NEW.max_amount,
            NEW.published_at
        )
    ) THEN
        RAISE EXCEPTION 'a filed price never changes, but for its end' {REFUSE};
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.filings_hold_sitting() FROM PUBLIC;
CREATE TRIGGER filings_price_hold AFTER INSERT ON filings_priceversion
    FOR EACH ROW EXECUTE FUNCTION public.filings_hold_price();
CREATE TRIGGER filings_sitting_hold AFTER INSERT ON filings_sittingversion
    FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION public.filings_hold_sitting(
        'filed>checkin_open', 'filed>cancelled', 'checkin_open>running', 'checkin_open>closed',
        'checkin_open>cancelled', 'running>closed', 'closed>minutes_signed', 'minutes_signed>finalised'
    );
"""  # noqa: S608  # only our own words are put in
FILED = {"moment": "received_at", "same": ("institution_id", "first_received_at")}
PRICE = (
    "class_id", "class_name", "position", "fee_item", "unit", "amount", "cap_id", "max_amount", "published_at", "in_force"
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("filings", "0004_versions"), ("kernel", "0007_kept_versions")]
    operations = [
        migrations.RunSQL(FACTS),
        KeepVersions(
            "filings_sittingversion",
            "filings_filedsitting",
            **FILED,
            columns=("position", "starts_at", "ends_at", "site", "candidates", "state"),
        ),
        KeepVersions(
            "filings_incidentversion",
            "filings_reportedincident",
            **FILED,
            columns=("sitting_id", "kind", "severity", "words", "happened_at"),
        ),
        KeepVersions("filings_priceversion", "filings_publishedprice", **FILED, columns=PRICE),
    ]
