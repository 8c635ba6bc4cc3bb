"""The number of a room's last event is a counter: its row is the lock of whoever adds the next. It can be checked, and
counted again, as other figures that are kept beside their rows (courses 0002)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION rollup_sittings_heads(mend boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT format('sitting %s: last event %s, highest %s', h.sitting_id, h.n, coalesce(max(e.n), 0))
        FROM sittings_sittinghead h LEFT JOIN sittings_sittingevent e ON e.sitting_id = h.sitting_id
        GROUP BY h.sitting_id HAVING coalesce(max(e.n), 0) <> h.n ORDER BY h.sitting_id;
    IF mend THEN
        UPDATE sittings_sittinghead h SET n = highest.n
        FROM (
            SELECT k.sitting_id, coalesce(
                (SELECT max(e.n) FROM sittings_sittingevent e WHERE e.sitting_id = k.sitting_id), 0
            ) AS n FROM sittings_sittinghead k
        ) highest
        WHERE highest.sitting_id = h.sitting_id AND highest.n <> h.n;
    END IF;
END $$;
REVOKE ALL ON FUNCTION rollup_sittings_heads(boolean) FROM PUBLIC;
"""
BACKWARD = "DROP FUNCTION rollup_sittings_heads(boolean)"


class Migration(migrations.Migration):
    dependencies = [("sittings", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
