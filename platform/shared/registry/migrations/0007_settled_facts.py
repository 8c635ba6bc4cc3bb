"""What was settled at the authority's desk stays as it was: the grounds of a decision, a receipt, the term of a notice."""

from django.db import migrations

from kernel.db.moves import RefuseChange, SetOnce


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_held_checks")]
    operations = [
        RefuseChange("registry_objection", "grounds", "OLD.decided_at IS NOT NULL AND OLD.reason <> NEW.reason"),
        # Whoever objected may be forgotten, and never becomes somebody else.
        RefuseChange(
            "registry_objection",
            "objector",
            "(NEW.name <> '' AND OLD.name <> NEW.name)"
            " OR (NEW.contact IS NOT NULL AND OLD.contact IS NULL)",
        ),
        SetOnce("registry_upload", "received_at", "recorded_by", "recorded_at"),
        RefuseChange("registry_upload", "receipt", "OLD.receipt_no <> '' AND OLD.receipt_no <> NEW.receipt_no"),
        RefuseChange(
            "registry_publicnotice", "term", "OLD.ended_at IS NOT NULL AND (OLD.due_on, OLD.ending)"
            " IS DISTINCT FROM (NEW.due_on, NEW.ending)",
        ),
    ]
