"""The functions by which triggers hold what changes of a row, in every schema (kernel.db.moves)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.kernel_hold_move() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    source text := to_jsonb(OLD)->>TG_ARGV[0];
    target text := to_jsonb(NEW)->>TG_ARGV[0];
BEGIN
    IF source || '>' || target = ANY (TG_ARGV) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'no row of % goes from % to %', TG_TABLE_NAME, source, target
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'a row of % does not change so any more', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
BACKWARD = "DROP FUNCTION public.kernel_refuse_change(); DROP FUNCTION public.kernel_hold_move()"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0007_kept_versions")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
