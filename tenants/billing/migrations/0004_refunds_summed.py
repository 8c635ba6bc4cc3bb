"""What went back of a payment is computed from its refunds; nothing is kept of it beside them, so a payment never changes.

A refund that did not fail counts, from the moment it is asked for. That all of a payment's refunds are no more than it
is asked at commit, under a lock of the payment, so that of two refunds at once the second sees the first.
"""

from django.db import migrations

REFUSE = "USING ERRCODE = 'integrity_constraint_violation'"
DEFINER = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog"


def _back(payment: str) -> str:
    """Return what goes back of a payment, in the words of a text for format()."""
    refunds = f"%1$I.billing_refund r WHERE r.payment_id = {payment}.id AND r.state <> ''failed''"
    return f"coalesce((SELECT sum(r.amount) FROM {refunds}), 0)"  # noqa: S608  # only our own words are put in


FORWARD = f"""
DROP TRIGGER billing_payment_back ON billing_payment;
DROP TRIGGER billing_payment_keep ON billing_payment;
CREATE TRIGGER billing_payment_keep AFTER UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION billing_keep_row();
CREATE OR REPLACE FUNCTION billing_check_payment() {DEFINER} AS $$
DECLARE
    owed numeric;
    kept numeric;
    order_state text;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'SELECT o.state, p.amount - {_back("p")},'
        ' (SELECT coalesce(sum((base::numeric + addons) * quantity), 0) FROM %1$I.billing_orderline'
        ' WHERE order_id = o.id)'
        ' - (SELECT coalesce(sum(q.amount), 0) FROM %1$I.billing_payment q'
        ' WHERE q.order_id = o.id AND q.id <> p.id AND q.amount > {_back("q")})'
        ' FROM %1$I.billing_payment p JOIN %1$I.billing_order o ON o.id = p.order_id WHERE p.id = $1', TG_TABLE_SCHEMA
    ) INTO order_state, kept, owed USING NEW.id;
    IF kept > 0 AND (kept > owed OR order_state NOT IN ('open', 'paid')) THEN
        RAISE EXCEPTION 'the payments of an order do not exceed it' {REFUSE};
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION billing_check_refunds() {DEFINER} AS $$
DECLARE
    agrees boolean;
BEGIN
    EXECUTE format('SELECT FROM %I.billing_payment WHERE id = $1 FOR NO KEY UPDATE', TG_TABLE_SCHEMA)
        USING NEW.payment_id;
    EXECUTE format('SELECT {_back("p")} <= p.amount FROM %1$I.billing_payment p WHERE p.id = $1', TG_TABLE_SCHEMA)
        INTO agrees USING NEW.payment_id;
    IF NOT agrees THEN
        RAISE EXCEPTION 'the refunds of a payment do not exceed it' {REFUSE};
    END IF;
    RETURN NULL;
END $$;
"""  # noqa: S608  # only our own words are put in


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_hold_money")]
    operations = [
        migrations.RunSQL(FORWARD),
        migrations.RemoveConstraint(model_name="payment", name="billing_payment_refunded"),
        migrations.RemoveField(model_name="payment", name="refunded_amount"),
    ]
