"""An account that holds a role is let in again by two: one checks, another settles; the database counts them."""

from django.db import migrations, models
from django.db.models import F, Q

FORWARD = """
CREATE FUNCTION identity_recovery_takes_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'settled' AND (NEW.checked_by IS NULL OR NEW.settled_by IS NULL) AND EXISTS (
        SELECT 1 FROM public.identity_rolegrant g
        WHERE g.account_id = NEW.account_id AND g.granted_at <= NEW.state_since
            AND (g.ended_at IS NULL OR g.ended_at > NEW.state_since)
    ) THEN
        RAISE EXCEPTION 'an account that holds a role is let in by two persons'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_recovery_takes_two AFTER INSERT OR UPDATE ON identity_recoveryrequest
    FOR EACH ROW WHEN (NEW.state = 'settled') EXECUTE FUNCTION identity_recovery_takes_two();
"""
BACKWARD = """
DROP TRIGGER identity_recovery_takes_two ON identity_recoveryrequest;
DROP FUNCTION identity_recovery_takes_two();
"""
STATES = ["open", "checked", "settled", "refused"]


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_first_texts")]
    operations = [
        migrations.AddField(
            "recoveryrequest",
            "checked_by",
            models.UUIDField(help_text="the first of two, who saw the document: an account", null=True),
        ),
        migrations.AddField(
            "recoveryrequest",
            "settled_by",
            models.UUIDField(help_text="account; another than the one that checked", null=True),
        ),
        migrations.AlterField(
            "recoveryrequest",
            "state",
            models.CharField(
                choices=[
                    ("open", "Waiting for the counter"),
                    ("checked", "Checked, waits for a second person"),
                    ("settled", "Settled at the counter"),
                    ("refused", "Request refused"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("recoveryrequest", "identity_recovery_state"),
        migrations.AddConstraint(
            "recoveryrequest",
            models.CheckConstraint(condition=Q(state__in=STATES), name="identity_recovery_state"),
        ),
        migrations.AddConstraint(
            "recoveryrequest",
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(checked_by__isnull=False), name="identity_recovery_checked"
            ),
        ),
        migrations.AddConstraint(
            "recoveryrequest",
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(settled_by=None) | ~Q(checked_by=F("settled_by")),
                name="identity_recovery_by_two",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
