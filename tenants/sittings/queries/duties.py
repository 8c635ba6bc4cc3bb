"""People on duty at a sitting, as pages of a change show them."""

import uuid

from ..models.sittings import Duty
from ..states import DutyRole


def stored_chief(sitting_id: uuid.UUID) -> dict[str, str]:
    """Return who is chief proctor of a sitting, as the page of a change shows it."""
    duty = Duty.objects.filter(sitting_id=sitting_id, role=DutyRole.CHIEF, ended_at=None).first()
    return {"chief": str(duty.account_id) if duty else ""}
