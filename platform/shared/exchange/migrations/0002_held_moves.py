"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, RefuseChange


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "exchange_arrival", "received>handed", "received>settled", "handed>settled", "received>refused",
            "handed>refused", "received>outdated",
        ),
        HoldMoves(
            "exchange_discrepancy", "open>resolved",
        ),
        HoldMoves(
            "exchange_importfile", "previewed>taken", "previewed>dropped",
        ),
        HoldMoves(
            "exchange_message", "queued>sent", "queued>acknowledged", "sent>acknowledged", "sent>queued",
            "acknowledged>queued", "queued>settled", "sent>settled", "acknowledged>settled", "refused>settled",
            "given_up>settled", "queued>refused", "sent>refused", "acknowledged>refused", "queued>given_up",
            "sent>given_up", "acknowledged>given_up", "refused>queued", "given_up>queued", "settled>queued",
        ),
        RefuseChange(
            "exchange_message",
            "sent",
            "OLD.state <> 'queued' AND (OLD.payload, OLD.digest) IS DISTINCT FROM (NEW.payload, NEW.digest)",
        ),
    ]
