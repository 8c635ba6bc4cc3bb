"""Whether an order may be paid: the one question of counter, checkout and settlement, which pages show too."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.clock import legal_day
from kernel.errors import Refusal
from shared.institutions.queries import standings
from shared.institutions.states import Activity
from tenants.courses.queries import catalogue

from ..models import Order
from ..queries import orders as order_queries
from ..states import OrderState
from .prices import cap_for


class OrderNotOpen(Refusal):
    """The order takes no money."""

    code = "order-not-open"
    message = _("This order takes no payment: %(state)s.")


class ClassOver(Refusal):
    """Nobody can be taught in the class any more."""

    code = "class-over"
    message = _("“%(name)s” takes no fees any more: %(state)s. Withdraw, and choose another class.")


class PapersNotSeen(Refusal):
    """What the matrix rests on was only declared."""

    code = "papers-not-seen"
    message = _(
        "No fee is taken yet: a person of the institution must first look at the papers that prove what was declared."
        " Show them at the counter, or send them with the application. The term of payment begins after that."
    )


def payment_refusal(order: Order, at: datetime) -> Refusal | None:
    """Return why an order may not be paid at `at`, None where it may.

    It must be open (OrderNotOpen), its institution allowed to take fees (StandingForbids), its class neither closed nor
    over (ClassOver), the papers looked at by a person where a row of the matrix rests on them (PapersNotSeen), and no
    line above the ceiling of this day (CapExceeded, NoCap).
    """
    if order.state != OrderState.OPEN:
        return OrderNotOpen(state=OrderState(order.state).label)
    forbidden = standings.refusal(Activity.COLLECT, tenancy.institution_id(), at)
    papers = PapersNotSeen() if order_queries.papers_due(order) else None
    return forbidden or _class_refusal(order, at) or papers or ceiling_refusal(order, at)


def _class_refusal(order: Order, at: datetime) -> Refusal | None:
    training_class, day = catalogue.class_value(order.class_id), legal_day(at)
    if training_class.teaches_on(day):
        return None
    return ClassOver(name=training_class.name, state=training_class.label_on(day))


def ceiling_refusal(order: Order, at: datetime) -> Refusal | None:
    """Return why a line of an order may not be asked on this day, None where all may."""
    for line in order.lines.all():
        try:
            cap_for(fee_item=line.fee_item, position=line.position, unit=line.unit, amount=line.amount, at=at)
        except Refusal as refusal:
            return refusal
    return None


def require_payable(order: Order, at: datetime) -> None:
    """Refuse, as `payment_refusal` says, an order that may not be paid."""
    if (refusal := payment_refusal(order, at)) is not None:
        raise refusal
