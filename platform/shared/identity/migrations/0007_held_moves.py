"""States go on along their charts, and what is settled stays, whoever writes (kernel.db.moves)."""

from django.db import migrations

from kernel.db.moves import HoldMoves, SetOnce


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_employers_by_pinyin"), ("kernel", "0008_held_moves")]
    operations = [
        HoldMoves(
            "identity_recoveryrequest", "open>checked", "open>settled", "checked>settled", "open>refused",
            "checked>refused",
        ),
        SetOnce("identity_activeenrolment", "released_at"),
        SetOnce("identity_apitoken", "revoked_at"),
        SetOnce("identity_consent", "withdrawn_at", "withdrawn_by"),
        SetOnce("identity_rolegrant", "ended_at", "ended_by"),
        SetOnce("identity_signin", "ended_at"),
    ]
