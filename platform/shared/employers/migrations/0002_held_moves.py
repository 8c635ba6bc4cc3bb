"""Registrations and employees move along their charts alone, and what both sides agreed to stays as it was."""

from django.db import migrations

from kernel.db.moves import HoldMoves, RefuseChange, SetOnce

DIFFERENT = "OLD.{0} IS DISTINCT FROM NEW.{0}"


def _changed(*columns: str) -> str:
    return " OR ".join(DIFFERENT.format(column) for column in columns)


class Migration(migrations.Migration):
    dependencies = [("employers", "0001_initial"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "employers_registration", "begun>asked", "asked>proved", "asked>refused", "begun>withdrawn",
            "asked>withdrawn", "begun>lapsed", "asked>lapsed", "proved>ended",
        ),
        HoldMoves(
            "employers_employee", "asked>agreed", "declined>agreed", "asked>declined", "asked>withdrawn",
            "declined>withdrawn", "asked>lapsed", "declined>lapsed", "agreed>ended",
        ),
        SetOnce("employers_registration", "proven_at", "decided_by", "employer_id", "institution_id"),
        SetOnce("employers_employee", "person_id", "asked_at", "consent_id", "agreed_at", "ended_at"),
        RefuseChange(
            "employers_registration",
            "facts",
            _changed("name", "credit_code", "division_code", "authority_code", "letter_id", "applied_by", "applied_at"),
        ),
        RefuseChange("employers_employee", "facts", _changed("employer_id", "id_type", "added_by", "added_at")),
    ]
