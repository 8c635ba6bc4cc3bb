"""Tasks of the outside systems, and the kinds of message that belong to no other app yet."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel import clock, later

from .operations import arrivals as exchange_arrivals
from .operations import messages as exchange_messages
from .operations import reconciling
from .queries import kinds
from .states import MINISTRY


@later.task("exchange.push", runs=later.Where.PLATFORM)
def push(*, message_id: str, at: datetime) -> None:
    """Take a message a step further."""
    exchange_messages.push(message_id=uuid.UUID(message_id), at=at, real=clock.real_now())


@later.task("exchange.process_arrival", runs=later.Where.PLATFORM)
def process_arrival(*, arrival_id: str, at: datetime) -> None:
    """Take over a message that came in."""
    exchange_arrivals.process_arrival(arrival_id=uuid.UUID(arrival_id), at=at, real=clock.real_now())


@later.periodic_task("exchange.push_due", every=5)
def push_due(*, at: datetime) -> None:
    """Go on with what is due; with everything that is open where this is run by hand for a given time."""
    by_hand = clock.simulated_now() is not None
    exchange_messages.push_due(real=clock.real_now(), everything=by_hand)
    exchange_arrivals.process_due(real=clock.real_now(), everything=by_hand)


@later.periodic_task("exchange.reconcile", every=86400)
def reconcile(*, at: datetime) -> None:
    """Compare both sides' lists, once a day."""
    reconciling.reconcile_all(at=at, real=clock.real_now())


PERSON = {"name": "name", "id_number": "id", "mobile": "mobile", "born": "all", "sex": "all"}

kinds.register_outbound(kinds.OutboundKind(MINISTRY, "person", "persons", _("A person who enrolled"), masks=PERSON))
kinds.register_outbound(
    kinds.OutboundKind(MINISTRY, "enrolment-answer", "answers", _("Answer to an enrolment"), masks=PERSON)
)
