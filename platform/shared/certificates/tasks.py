"""What the worker and beat do for certificates."""

import uuid
from datetime import datetime

from kernel import clock, later

from . import operations


@later.task("certificates.send_result")
def send_result(*, certificate_id: str, at: datetime) -> None:
    """Report a result."""
    operations.send_result(certificate_id=uuid.UUID(certificate_id), at=at, real=clock.real_now())


@later.task("certificates.collect")
def collect(*, certificate_id: str, at: datetime) -> None:
    """Ask for a number."""
    operations.collect(certificate_id=uuid.UUID(certificate_id), at=at)


@later.clockwork("certificates.collect", every=5)
def ask_again(*, at: datetime) -> None:
    """Ask for the numbers that have not come; all of them where this is run by hand for a given time."""
    operations.ask_again(at=at, real=clock.real_now(), everything=clock.given() is not None)
