"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, RefuseChange, SetOnce


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_refused"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "certificates_certificate", "requested>sent", "requested>refused", "sent>refused", "refused>requested",
            "requested>issued", "sent>issued", "refused>issued", "issued>revoked",
        ),
        SetOnce("certificates_certificateversion", "superseded_at"),
        # What it says changes with a version of its own; before the first, the report is put right.
        RefuseChange(
            "certificates_certificate",
            "versions",
            "NEW.version NOT IN (OLD.version, OLD.version + 1) OR (OLD.version > 0 AND NEW.version = OLD.version"
            " AND (OLD.holder, OLD.issued_on) IS DISTINCT FROM (NEW.holder, NEW.issued_on))",
        ),
    ]
