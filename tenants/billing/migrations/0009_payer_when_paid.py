"""Who pays an order is written once more when it is paid: the register's name, which may have been corrected since."""

from django.db import migrations

from kernel.db.moves import RefuseChange

KEEP = """
DROP TRIGGER billing_order_keep ON billing_order;
CREATE TRIGGER billing_order_keep AFTER UPDATE OR DELETE ON billing_order FOR EACH ROW
    EXECUTE FUNCTION billing_keep_row({columns});
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_payment_terms")]
    operations = [
        RefuseChange(
            "billing_order",
            "payer",
            "OLD.payer IS DISTINCT FROM NEW.payer AND NOT (OLD.state = 'open' AND NEW.state = 'paid')",
        ),
        migrations.RunSQL(
            KEEP.format(columns="'state', 'state_since', 'payer'"), KEEP.format(columns="'state', 'state_since'")
        ),
    ]
