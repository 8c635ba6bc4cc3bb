"""Versions of facts: the functions behind the triggers of every table of versions in the shared schema.

Such a table has `fact_id`, `version` (unique together) and `superseded_at`, which is the end of a version: written by the
trigger of the next one, in the same statement, and by nothing else.
"""

from django.db import migrations

REFUSE = "USING ERRCODE = 'integrity_constraint_violation'"
FORWARD = f"""
-- Its arguments: the column that says when a version came, then those that no version changes.
CREATE FUNCTION public.kernel_follow_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
    added jsonb := to_jsonb(NEW);
    before jsonb;
    name text;
BEGIN
    IF NEW.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'a version ends with the next one' {REFUSE};
    ELSIF NEW.version = 1 THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'UPDATE public.%I AS v SET superseded_at = $1 WHERE fact_id = $2 AND version = $3 - 1 AND superseded_at IS NULL'
        ' RETURNING to_jsonb(v)', TG_TABLE_NAME
    ) INTO before USING (added->>TG_ARGV[0])::timestamptz, NEW.fact_id, NEW.version;
    IF before IS NULL THEN
        RAISE EXCEPTION 'a version follows the one before it' {REFUSE};
    END IF;
    FOREACH name IN ARRAY TG_ARGV[1:] LOOP
        IF before->name IS DISTINCT FROM added->name THEN
            RAISE EXCEPTION 'no version of % changes its %', TG_TABLE_NAME, name {REFUSE};
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE FUNCTION public.kernel_keep_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    newest record;
    followed boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        newest := NEW;
        newest.superseded_at := NULL;
        IF NEW.superseded_at IS NOT NULL AND NOT (newest *<> OLD) THEN
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM public.%I AS v WHERE fact_id = $1 AND version = $2 + 1'
                ' AND (to_jsonb(v)->>$3)::timestamptz = $4)', TG_TABLE_NAME
            ) INTO followed USING OLD.fact_id, OLD.version, TG_ARGV[0], NEW.superseded_at;
            IF followed THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'a version of a fact is kept as it came' {REFUSE};
END $$;
REVOKE ALL ON FUNCTION public.kernel_follow_version() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.kernel_keep_version() FROM PUBLIC;
"""  # noqa: S608  # only our own words are put in
BACKWARD = "DROP FUNCTION public.kernel_keep_version(); DROP FUNCTION public.kernel_follow_version()"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_pinyin_key")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
