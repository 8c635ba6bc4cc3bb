"""The database's own rules of money: ceilings of the day, orders that are not raised, payments, refunds and receipts.

Ceilings: a price names one that was in force on the day it was published, a line one of the day its order was placed,
both of the institution's own authorities (filings 0003). A line asks what its price asks, comes in the transaction
that places its order, and never changes.

Payments: what is kept of a payment is no more than its order still asked, and nothing where the order is cancelled or
refunded; a payment of which a part went back counts whole, one that went back whole does not. More may come in (Stripe
was late), if it is asked back in the same transaction. `refunded_amount` is always
the sum of the refunds that did not fail, so it sinks only with a refund that fails. Receipts of a year are numbered
without a gap, and the counter stands at the last. These are asked at commit; the order's row is locked before, so of
two payments at once the second sees the first.

The functions take the owner's rights and no search path, for what they ask at commit may be asked under another role.
A schema that no institution works in (a copy from an archive) is not asked for ceilings and what an order was worth:
its rows were held to that when they were made, and what happened later (a ceiling's end, a refused refund) is no fault.
"""

from django.db import migrations

REFUSE = "USING ERRCODE = 'integrity_constraint_violation'"
DEFINER = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog"

ROWS = f"""
CREATE FUNCTION billing_keep_row() {DEFINER} AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - coalesce(TG_ARGV, '{{}}') = to_jsonb(OLD) - coalesce(TG_ARGV, '{{}}') THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'a row of % is kept as it was written', TG_TABLE_NAME {REFUSE};
END $$;
CREATE FUNCTION billing_refuse_move() {DEFINER} AS $$
BEGIN
    RAISE EXCEPTION 'a row of % does not move so', TG_TABLE_NAME {REFUSE};
END $$;
CREATE TRIGGER billing_order_move BEFORE UPDATE ON billing_order FOR EACH ROW
    WHEN ((OLD.state || '>' || NEW.state) NOT IN ('open>paid', 'open>cancelled', 'paid>refunded'))
    EXECUTE FUNCTION billing_refuse_move();
CREATE TRIGGER billing_refund_move BEFORE UPDATE ON billing_refund FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND OLD.state <> 'requested') EXECUTE FUNCTION billing_refuse_move();
CREATE TRIGGER billing_counter_move BEFORE UPDATE ON billing_receiptcounter FOR EACH ROW
    WHEN (NEW.last <> OLD.last + 1) EXECUTE FUNCTION billing_refuse_move();
"""
MOVABLE = {
    "price": ("withdrawn_at", "cap_in_force"),
    "order": ("state", "state_since"),
    "orderline": (),
    "checkout": ("session_id", "url", "state", "state_since"),
    "payment": ("refunded_amount",),
    "refund": ("reference", "state", "state_since"),
    "receiptcounter": ("last",),
}

CEILINGS = f"""
CREATE FUNCTION billing_hold_ceiling() {DEFINER} AS $$
DECLARE
    institution uuid;
    day_of timestamptz;
    placed record;
    this_time bigint := pg_current_xact_id()::text::bigint;
    born bigint;
BEGIN
    SELECT id INTO institution FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA;
    IF institution IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'billing_price' THEN
        day_of := NEW.published_at;
    ELSE
        EXECUTE format(
            'SELECT o.placed_at, o.state, o.xmin::text::bigint AS writer, p.base, p.addons'
            ' FROM %1$I.billing_order o, %1$I.billing_price p WHERE o.id = $1 AND p.id = $2', TG_TABLE_SCHEMA
        ) INTO placed USING NEW.order_id, NEW.price_id;
        day_of := placed.placed_at;
        -- An order that was ever updated is not open, so the writer of an open one's row is who placed it.
        born := (this_time & ~4294967295) | placed.writer;
        born := born + CASE WHEN born - this_time > 2147483648 THEN -4294967296
                            WHEN this_time - born > 2147483648 THEN 4294967296 ELSE 0 END;
        IF placed.state <> 'open' OR pg_xact_status(born::text::xid8) IS DISTINCT FROM 'in progress' THEN
            RAISE EXCEPTION 'a line comes with its order' {REFUSE};
        END IF;
        IF (NEW.base, NEW.addons) IS DISTINCT FROM (placed.base, placed.addons) THEN
            RAISE EXCEPTION 'a line asks what its price asks' {REFUSE};
        END IF;
    END IF;
    PERFORM public.filings_check_ceiling(
        institution, NEW.cap_id, NEW.fee_item, NEW.position, NEW.unit, NEW.max_amount, day_of
    );
    RETURN NULL;
END $$;
CREATE TRIGGER billing_price_ceiling AFTER INSERT ON billing_price
    FOR EACH ROW EXECUTE FUNCTION billing_hold_ceiling();
CREATE TRIGGER billing_line_ceiling AFTER INSERT ON billing_orderline
    FOR EACH ROW EXECUTE FUNCTION billing_hold_ceiling();
"""  # noqa: S608  # only our own words are put in

PAYMENTS = f"""
CREATE FUNCTION billing_lock_order() {DEFINER} AS $$
BEGIN
    EXECUTE format('SELECT FROM %I.billing_order WHERE id = $1 FOR UPDATE', TG_TABLE_SCHEMA) USING NEW.order_id;
    RETURN NEW;
END $$;
CREATE FUNCTION billing_check_payment() {DEFINER} AS $$
DECLARE
    owed numeric;
    kept numeric;
    order_state text;
BEGIN
    IF NOT EXISTS (SELECT FROM public.institutions_institution WHERE schema_name = TG_TABLE_SCHEMA) THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'SELECT o.state, p.amount - p.refunded_amount,'
        ' (SELECT coalesce(sum((base::numeric + addons) * quantity), 0) FROM %1$I.billing_orderline'
        ' WHERE order_id = o.id)'
        ' - (SELECT coalesce(sum(amount), 0) FROM %1$I.billing_payment'
        ' WHERE order_id = o.id AND id <> p.id AND amount > refunded_amount)'
        ' FROM %1$I.billing_payment p JOIN %1$I.billing_order o ON o.id = p.order_id WHERE p.id = $1', TG_TABLE_SCHEMA
    ) INTO order_state, kept, owed USING NEW.id;
    IF kept > 0 AND (kept > owed OR order_state NOT IN ('open', 'paid')) THEN
        RAISE EXCEPTION 'the payments of an order do not exceed it' {REFUSE};
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION billing_check_refunds() {DEFINER} AS $$
DECLARE
    payment uuid;
    agrees boolean;
BEGIN
    payment := to_jsonb(NEW)->>CASE TG_TABLE_NAME WHEN 'billing_payment' THEN 'id' ELSE 'payment_id' END;
    EXECUTE format('SELECT FROM %I.billing_payment WHERE id = $1 FOR NO KEY UPDATE', TG_TABLE_SCHEMA) USING payment;
    EXECUTE format(
        'SELECT refunded_amount = (SELECT coalesce(sum(amount), 0) FROM %1$I.billing_refund'
        ' WHERE payment_id = $1 AND state <> ''failed'') FROM %1$I.billing_payment WHERE id = $1', TG_TABLE_SCHEMA
    ) INTO agrees USING payment;
    IF NOT agrees THEN
        RAISE EXCEPTION 'what went back of a payment is the sum of its refunds' {REFUSE};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER billing_payment_lock BEFORE INSERT ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION billing_lock_order();
CREATE CONSTRAINT TRIGGER billing_payment_within AFTER INSERT ON billing_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_check_payment();
CREATE CONSTRAINT TRIGGER billing_payment_back AFTER INSERT OR UPDATE ON billing_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_check_refunds();
CREATE CONSTRAINT TRIGGER billing_refund_back AFTER INSERT OR UPDATE ON billing_refund DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_check_refunds();
"""  # noqa: S608  # only our own words are put in

RECEIPTS = f"""
CREATE FUNCTION billing_check_receipts() {DEFINER} AS $$
DECLARE
    for_year smallint;
    number integer := 0;
    agrees boolean;
BEGIN
    IF TG_TABLE_NAME = 'billing_payment' THEN
        for_year := to_jsonb(NEW)->>'receipt_year';
        number := to_jsonb(NEW)->>'receipt_n';
    ELSE
        for_year := to_jsonb(NEW)->>'year';
    END IF;
    EXECUTE format(
        'SELECT c.last = coalesce((SELECT max(receipt_n) FROM %1$I.billing_payment WHERE receipt_year = c.year), 0)'
        ' AND ($2 <= 1 OR EXISTS (SELECT FROM %1$I.billing_payment WHERE receipt_year = c.year'
        ' AND receipt_n = $2 - 1))'
        ' FROM %1$I.billing_receiptcounter c WHERE c.year = $1', TG_TABLE_SCHEMA
    ) INTO agrees USING for_year, number;
    IF agrees IS NOT TRUE THEN
        RAISE EXCEPTION 'the receipts of a year are numbered without a gap' {REFUSE};
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER billing_payment_receipt AFTER INSERT ON billing_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_check_receipts();
CREATE CONSTRAINT TRIGGER billing_counter_receipt AFTER INSERT OR UPDATE ON billing_receiptcounter
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_check_receipts();
"""  # noqa: S608  # only our own words are put in
FUNCTIONS = ("keep_row", "refuse_move", "hold_ceiling", "lock_order", "check_payment", "check_refunds", "check_receipts")


def _keep(table: str, columns: tuple[str, ...]) -> str:
    """Return the triggers that keep a table's rows as they were written, but for these columns."""
    movable = ", ".join(f"'{column}'" for column in columns)
    return (
        f"CREATE TRIGGER billing_{table}_keep AFTER UPDATE OR DELETE ON billing_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION billing_keep_row({movable});"
        f"CREATE TRIGGER billing_{table}_all BEFORE TRUNCATE ON billing_{table} EXECUTE FUNCTION billing_keep_row();"
    )


KEPT = "\n".join(_keep(table, columns) for table, columns in MOVABLE.items())
REVOKED = "\n".join(f"REVOKE ALL ON FUNCTION billing_{name}() FROM PUBLIC;" for name in FUNCTIONS)
FORWARD = "\n".join((ROWS, KEPT, CEILINGS, PAYMENTS, RECEIPTS, REVOKED))
BACKWARD = "\n".join(f"DROP FUNCTION billing_{name}() CASCADE;" for name in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_tie_to_ceilings"), ("filings", "0003_hold_ceilings")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
