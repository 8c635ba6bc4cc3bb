"""Sign-ins in use: noted once a minute, ended where nobody uses them."""

from datetime import datetime, timedelta

from django.conf import settings

from kernel import tenancy

from ..models.accounts import SignIn

SEEN_EVERY = timedelta(minutes=1)


def record_use(sign_in: SignIn, *, at: datetime) -> None:
    """Note that a sign-in is used, once a minute; with all hosts' rows in sight, for it counts at every one."""
    if at - (sign_in.seen_at or sign_in.began_at) < SEEN_EVERY:
        return
    with tenancy.open_public():
        SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(seen_at=at)


def end_idle(sign_in: SignIn, *, at: datetime) -> bool:
    """End a sign-in that nobody has used for longer than the setting says; say whether it did."""
    if at - (sign_in.seen_at or sign_in.began_at) <= timedelta(minutes=settings.NUOXING_STAFF_IDLE_MINUTES):
        return False
    with tenancy.open_public():
        return bool(SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=at, idle=True))
