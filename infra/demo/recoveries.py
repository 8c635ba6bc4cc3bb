"""Requests to recover accounts that wait at the counters."""

from django.db import transaction

from infra.demo.days import Days
from infra.demo.people import person
from shared.identity.models.accounts import RecoveryRequest
from shared.identity.operations import recovery as identity_recovery

LOST = ((25, "lost_phone", "手机丢失，号码已停用。"), (61, "wrong_name", "登记时姓名录错一字。"))


def load() -> None:
    """Let people ask at the counter for their accounts, unless they did before."""
    days = Days.today()
    with transaction.atomic():
        if RecoveryRequest.objects.exists():
            return
        for n, (number, cause, words) in enumerate(LOST):
            who = person(number)
            identity_recovery.ask_recovery(
                cause=cause,
                identifier=who.mobile,
                name=who.name,
                contact_address=f"contact_address{number}@nuoxing.example",
                words=words,
                at=days.of(-1, 15 + n),
            )
