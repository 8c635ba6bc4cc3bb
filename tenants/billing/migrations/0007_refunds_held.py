"""What may change of orders, checkouts, refunds and disputes now; a refund stands in place of one that failed."""

from django.db import migrations

from kernel.db.moves import HoldMoves, RefuseChange, SetOnce

INSTEAD = """
DROP TRIGGER billing_order_move ON billing_order;
DROP TRIGGER billing_refund_move ON billing_refund;
DROP TRIGGER billing_checkout_keep ON billing_checkout;
CREATE TRIGGER billing_checkout_keep AFTER UPDATE OR DELETE ON billing_checkout FOR EACH ROW
    EXECUTE FUNCTION billing_keep_row('session_id', 'url', 'state', 'state_since', 'faults', 'fault');
DROP TRIGGER billing_refund_keep ON billing_refund;
CREATE TRIGGER billing_refund_keep AFTER UPDATE OR DELETE ON billing_refund FOR EACH ROW
    EXECUTE FUNCTION billing_keep_row('reference', 'state', 'state_since', 'dismissed_at', 'faults', 'fault');
CREATE TRIGGER billing_dispute_keep AFTER UPDATE OR DELETE ON billing_dispute FOR EACH ROW
    EXECUTE FUNCTION billing_keep_row('state', 'state_since');
CREATE TRIGGER billing_dispute_all BEFORE TRUNCATE ON billing_dispute EXECUTE FUNCTION billing_keep_row();
CREATE FUNCTION billing_check_instead() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    agrees boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM %I.billing_refund WHERE id = $1 AND payment_id = $2 AND state = ''failed''
         AND dismissed_at IS NULL FOR UPDATE)',
        TG_TABLE_SCHEMA
    ) INTO agrees USING NEW.instead_of_id, NEW.payment_id;
    IF NOT agrees THEN
        RAISE EXCEPTION 'a refund stands in place of one of the same payment that failed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_refund_instead BEFORE INSERT ON billing_refund FOR EACH ROW
    WHEN (NEW.instead_of_id IS NOT NULL) EXECUTE FUNCTION billing_check_instead();
REVOKE ALL ON FUNCTION billing_check_instead() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_refunds_in_place_and_disputes")]
    operations = [
        migrations.RunSQL(INSTEAD),
        HoldMoves(
            "billing_order",
            "open>paid",
            "open>cancelled",
            "paid>refunded",
            "closed>refunded",
            "paid>closed",
            "refunded>paid",
            "closed>paid",
        ),
        RefuseChange("billing_order", "since", "OLD.state = NEW.state AND OLD.state_since IS DISTINCT FROM NEW.state_since"),
        HoldMoves("billing_refund", "requested>done", "requested>failed", "done>failed"),
        HoldMoves("billing_dispute", "open>won", "open>lost"),
        SetOnce("billing_refund", "dismissed_at"),
    ]
