"""Which institutions answer to some authorities, as functions: each session plans them once, where a condition written
out was planned anew in every statement of a page (queries.organisations.AnsweringTo).
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION public.institutions_all_answer_to(codes text[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM public.institutions_organisation WHERE authority_code <> ALL (codes));
END $$;
CREATE FUNCTION public.institutions_answering_to(codes text[]) RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT i.id FROM public.institutions_institution i
        JOIN public.institutions_organisation o ON o.id = i.organisation_id WHERE o.authority_code = ANY (codes);
END $$;
"""
DROPPED = """
DROP FUNCTION public.institutions_answering_to(text[]);
DROP FUNCTION public.institutions_all_answer_to(text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0004_bounds")]
    operations = [migrations.RunSQL(FUNCTIONS, DROPPED)]
