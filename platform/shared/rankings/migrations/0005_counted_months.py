"""The months' counts are made by the database from the ratings and from who could have rated, by one function.

Triggers on both tables call it; no role has a right to write a month. `rollup_rankings_months(mend)` compares all
months with the rows they are counted from and, where asked, has the same function count those again that differ
(manage.py recompute_rollups). Counts are item -> answer -> how often, so that no scale has to be known.

What was counted before as able to rate stands as one row of the first day of its month. `rollup_rankings_stars` compares
the stars that institutions carry with the runs that stand.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.rankings_add_counts(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_object_agg(item, answers), '{}') FROM (
        SELECT item, jsonb_object_agg(answer, times) AS answers FROM (
            SELECT i.key AS item, a.key AS answer, sum(a.value::int) AS times
            FROM (SELECT * FROM jsonb_each(one) UNION ALL SELECT * FROM jsonb_each(other)) i
            CROSS JOIN LATERAL jsonb_each_text(i.value) a
            GROUP BY 1, 2
        ) each_answer GROUP BY 1
    ) each_item
$$;
CREATE FUNCTION public.rankings_add_to_month(
    of_institution uuid, of_year integer, of_month integer, ratings bigint, trainees bigint, answers jsonb
) RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    INSERT INTO public.rankings_ratingmonth AS m (id, institution_id, year, month, eligible, n, counts)
    VALUES (gen_random_uuid(), of_institution, of_year, of_month, trainees, ratings, answers)
    ON CONFLICT (institution_id, year, month) DO UPDATE SET
        eligible = m.eligible + excluded.eligible,
        n = m.n + excluded.n,
        counts = public.rankings_add_counts(m.counts, excluded.counts)
$$;
CREATE FUNCTION public.rankings_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF TG_TABLE_NAME = 'rankings_rating' THEN
        PERFORM public.rankings_add_to_month(
            NEW.institution_id, NEW.year, extract(month FROM NEW.given_on)::integer, 1, 0,
            (SELECT coalesce(jsonb_object_agg(key, jsonb_build_object(value, 1)), '{}') FROM jsonb_each_text(NEW.answers))
        );
    ELSE
        PERFORM public.rankings_add_to_month(
            NEW.institution_id, extract(year FROM NEW.counted_on)::integer,
            extract(month FROM NEW.counted_on)::integer, 0, NEW.trainees, '{}'
        );
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.rollup_rankings_months(mend boolean) RETURNS SETOF text LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
    due record;
BEGIN
    FOR due IN
        WITH answered AS (
            SELECT institution_id, year, extract(month FROM given_on)::integer AS month, key, value, count(*) AS times
            FROM public.rankings_rating, jsonb_each_text(answers) GROUP BY 1, 2, 3, 4, 5
        ), by_item AS (
            SELECT institution_id, year, month, key, jsonb_object_agg(value, times) AS answers
            FROM answered GROUP BY 1, 2, 3, 4
        ), counts AS (
            SELECT institution_id, year, month, jsonb_object_agg(key, answers) AS answers FROM by_item GROUP BY 1, 2, 3
        ), source AS (
            SELECT institution_id, year::integer, extract(month FROM given_on)::integer AS month, 1 AS ratings,
                0 AS trainees FROM public.rankings_rating
            UNION ALL
            SELECT institution_id, extract(year FROM counted_on)::integer, extract(month FROM counted_on)::integer, 0,
                trainees FROM public.rankings_eligibletrainees
        ), wanted AS (
            SELECT institution_id, year, month, sum(ratings) AS ratings, sum(trainees) AS trainees,
                coalesce((SELECT c.answers FROM counts c WHERE (c.institution_id, c.year, c.month) =
                    (source.institution_id, source.year, source.month)), '{}') AS answers
            FROM source GROUP BY 1, 2, 3
        )
        SELECT coalesce(w.institution_id, m.institution_id) AS institution, coalesce(w.year, m.year) AS year,
            coalesce(w.month, m.month) AS month, m.id, w.ratings, w.trainees, w.answers, m.n, m.eligible
        FROM wanted w FULL JOIN public.rankings_ratingmonth m
            ON (m.institution_id, m.year, m.month) = (w.institution_id, w.year, w.month)
        WHERE (m.n, m.eligible, m.counts) IS DISTINCT FROM (w.ratings, w.trainees, w.answers)
        ORDER BY 1, 2, 3
    LOOP
        RETURN NEXT format(
            'institution %s, %s-%s: %s ratings of %s, should be %s of %s', due.institution, due.year, due.month,
            due.n, due.eligible, due.ratings, due.trainees
        );
        IF mend THEN
            DELETE FROM public.rankings_ratingmonth WHERE id = due.id;
            IF due.ratings IS NOT NULL THEN
                PERFORM public.rankings_add_to_month(
                    due.institution, due.year, due.month, due.ratings, due.trainees, due.answers
                );
            END IF;
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION public.rollup_rankings_stars(mend boolean) RETURNS SETOF text LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
    due record;
BEGIN
    FOR due IN
        SELECT i.id, i.stars AS carried, i.star_year AS carried_year, r.stars, r.year, r.score, r.n
        FROM public.institutions_institution i LEFT JOIN (
            SELECT DISTINCT ON (result.institution_id) result.institution_id, result.stars, run.year,
                round(result.total, 2) AS score, result.n
            FROM public.rankings_starresult result JOIN public.rankings_starrun run ON run.id = result.run_id
            WHERE run.state = 'published' AND result.stars IS NOT NULL
            ORDER BY result.institution_id, run.year DESC
        ) r ON r.institution_id = i.id
        WHERE (i.stars, i.star_year, i.star_score, i.star_count)
            IS DISTINCT FROM (r.stars, r.year, r.score, coalesce(r.n, 0))
        ORDER BY i.id
    LOOP
        RETURN NEXT format(
            'institution %s: carries %s of %s, published were %s of %s', due.id, due.carried, due.carried_year, due.stars,
            due.year
        );
        IF mend THEN
            UPDATE public.institutions_institution SET stars = due.stars, star_year = due.year, star_score = due.score,
                star_count = coalesce(due.n, 0) WHERE id = due.id;
        END IF;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION public.rankings_add_counts(jsonb, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rankings_add_to_month(uuid, integer, integer, bigint, bigint, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rankings_count() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rollup_rankings_months(boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rollup_rankings_stars(boolean) FROM PUBLIC;
CREATE TRIGGER rankings_eligible_keep AFTER UPDATE OR DELETE ON rankings_eligibletrainees
    FOR EACH ROW EXECUTE FUNCTION rankings_keep_row();
INSERT INTO rankings_eligibletrainees (id, institution_id, counted_on, trainees)
    SELECT gen_random_uuid(), institution_id, make_date(year, month, 1), eligible FROM rankings_ratingmonth
    WHERE eligible > 0;
SELECT count(*) FROM public.rollup_rankings_months(true);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
CREATE TRIGGER rankings_rating_count AFTER INSERT ON rankings_rating
    FOR EACH ROW EXECUTE FUNCTION public.rankings_count();
CREATE TRIGGER rankings_eligible_count AFTER INSERT ON rankings_eligibletrainees
    FOR EACH ROW EXECUTE FUNCTION public.rankings_count();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0004_eligible_trainees")]
    operations = [migrations.RunSQL(FORWARD)]
