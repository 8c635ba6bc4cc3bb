"""The stars that an institution carries are written by the database alone, by one function.

They are those of the newest published run that rated it. A trigger on the runs calls the function when one is published,
for every institution in a run of that year: the one that it replaces may have rated others. No role has a right to write
them. `rollup_rankings_stars` compares, and has the same function write where asked (manage.py recompute_rollups).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.rankings_published_stars(
    OUT institution uuid, OUT stars smallint, OUT year smallint, OUT score numeric, OUT n integer
) RETURNS SETOF record LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT ON (i.id) i.id, r.stars, r.year, round(r.total, 2), coalesce(r.n, 0)
    FROM public.institutions_institution i LEFT JOIN (
        SELECT result.institution_id, result.stars, run.year, result.total, result.n
        FROM public.rankings_starresult result JOIN public.rankings_starrun run ON run.id = result.run_id
        WHERE run.state = 'published' AND result.stars IS NOT NULL
    ) r ON r.institution_id = i.id
    ORDER BY i.id, r.year DESC NULLS LAST
$$;
CREATE FUNCTION public.rankings_carry_stars(institutions uuid[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.institutions_institution i
    SET stars = p.stars, star_year = p.year, star_score = p.score, star_count = p.n
    FROM public.rankings_published_stars() p
    WHERE p.institution = i.id AND i.id = ANY(institutions)
        AND (i.stars, i.star_year, i.star_score, i.star_count) IS DISTINCT FROM (p.stars, p.year, p.score, p.n)
$$;
CREATE FUNCTION public.rankings_published() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.rankings_carry_stars(ARRAY(
        SELECT DISTINCT result.institution_id FROM public.rankings_starresult result
        JOIN public.rankings_starrun run ON run.id = result.run_id WHERE run.year = NEW.year
    ));
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION public.rollup_rankings_stars(mend boolean) RETURNS SETOF text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due record;
BEGIN
    FOR due IN
        SELECT i.id, i.stars AS carried, i.star_year AS carried_year, p.stars, p.year
        FROM public.institutions_institution i JOIN public.rankings_published_stars() p ON p.institution = i.id
        WHERE (i.stars, i.star_year, i.star_score, i.star_count) IS DISTINCT FROM (p.stars, p.year, p.score, p.n)
        ORDER BY i.id
    LOOP
        RETURN NEXT format(
            'institution %s: carries %s of %s, published were %s of %s', due.id, due.carried, due.carried_year, due.stars,
            due.year
        );
        IF mend THEN
            PERFORM public.rankings_carry_stars(ARRAY[due.id]);
        END IF;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION public.rankings_published_stars() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rankings_carry_stars(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rankings_published() FROM PUBLIC;
CREATE TRIGGER rankings_run_published AFTER UPDATE OF state ON rankings_starrun FOR EACH ROW
    WHEN (NEW.state = 'published' AND OLD.state <> 'published') EXECUTE FUNCTION public.rankings_published();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0006_held_moves"), ("institutions", "0004_bounds")]
    operations = [migrations.RunSQL(FORWARD)]
