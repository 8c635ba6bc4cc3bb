"""Free places of filed classes follow the seats of the institutions' own classes; no role writes them.

A class's first version brings its figure. From then on one function writes it, called by a trigger on the class's row in
the institution's schema (courses 0007), which the counting of seats writes anew under its lock. So of two transactions
that change a figure the second waits at the class already, and whoever holds a figure holds its class. Of a schema in
which no institution works (a copy from an archive) nothing is written here.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.filings_begin_places() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.filings_classplaces (fact_id, institution_id, free)
        VALUES (NEW.fact_id, NEW.institution_id, NEW.seats);
    RETURN NULL;
END $$;
CREATE FUNCTION public.filings_follow_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.filings_classplaces p SET free = NEW.capacity - NEW.seats_taken
        FROM public.institutions_institution i
        WHERE p.fact_id = NEW.id AND i.id = p.institution_id AND i.schema_name = TG_TABLE_SCHEMA;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.filings_begin_places() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.filings_follow_seats() FROM PUBLIC;
CREATE TRIGGER filings_class_places AFTER INSERT ON filings_classversion
    FOR EACH ROW WHEN (NEW.version = 1) EXECUTE FUNCTION public.filings_begin_places();
"""
BACKWARD = """
DROP TRIGGER filings_class_places ON filings_classversion;
DROP FUNCTION public.filings_follow_seats();
DROP FUNCTION public.filings_begin_places();
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0008_classes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
