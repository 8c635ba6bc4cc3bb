"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, RefuseChange, SetOnce


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_refunds_summed"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "billing_checkout", "started>paid", "expired>paid", "failed>paid", "started>expired", "started>failed",
        ),
        HoldMoves(
            "billing_order", "open>paid", "open>cancelled", "paid>refunded",
        ),
        HoldMoves(
            "billing_refund", "requested>done", "requested>failed",
        ),
        SetOnce("billing_price", "withdrawn_at"),
        RefuseChange(
            "billing_refund", "reference_once", "OLD.reference <> '' AND OLD.reference IS DISTINCT FROM NEW.reference"
        ),
    ]
