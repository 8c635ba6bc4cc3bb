"""Acts of billing on the pages of courses and rosters: prices and opening, the order, the withdrawal."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from kernel.offers import DESK_ROLE, Act, Place, Subject, Words, offers
from kernel.templatetags.nuoxing import china_time
from tenants.rosters.states import EnrolmentState

from .operations import telling  # noqa: F401  # what people are told of their money connects itself
from .queries import orders as order_queries
from .queries import privacy  # noqa: F401  # what closing an account meets connects itself

WITHDRAWABLE = (EnrolmentState.ELIGIBLE, EnrolmentState.ENROLLED, EnrolmentState.CONFIRMED)


@offers.connect("courses.class")
def on_class(subject: Subject) -> Iterable[Act]:
    """Offer the opening of a priced class, and its prices to the desk."""
    if "open" in subject.moves:
        url = reverse("billing:opening", args=[subject.id])
        yield Act(_("Open for enrolment"), url, tone="btn-primary")
    if DESK_ROLE in subject.roles:
        url = reverse("billing:prices", args=[subject.id])
        yield Act(_("Prices of this class"), url, method="get", icon="coin", place=Place.SIDE)


@offers.connect("rosters.enrolment")
def on_enrolment(subject: Subject) -> Iterable[Act]:
    """Offer staff the order of an enrolment and its withdrawal."""
    order = reverse("billing:staff-order-new", args=[subject.id])
    if subject.state == EnrolmentState.ELIGIBLE:
        yield Act(_("Reserve the seat and place the order"), order, tone="btn-primary")
    elif subject.state == EnrolmentState.ENROLLED:
        yield Act(_with_deadline(_("To the order"), subject), order, tone="btn-primary")
    if subject.state in WITHDRAWABLE:
        yield Act(
            pgettext("enrolment", "Withdraw"),
            reverse("billing:staff-withdrawal", args=[subject.id]),
            tone="btn-danger",
            place=Place.FOOT,
            confirm=_("Withdraw this enrolment and give its seat back?"),
            reason=True,
            opener=_("Withdraw this enrolment"),
        )


def _with_deadline(title: Words, subject: Subject) -> Words:
    """Return a title with the moment until which the enrolment's order may be paid, where there is one."""
    order = order_queries.live_order(subject.id)
    due = order_queries.due_by(order) if order else None
    if due is None:
        return title
    return gettext("%(title)s (pay by %(when)s)") % {"title": title, "when": china_time(due)}


@offers.connect("rosters.my-enrolment")
def on_own_enrolment(subject: Subject) -> Iterable[Act]:
    """Offer a trainee the order of their own enrolment and its withdrawal."""
    order = reverse("billing:order-new", args=[subject.id])
    if subject.state == EnrolmentState.ELIGIBLE:
        tone = "btn-primary nx-big-button"
        yield Act(_("Reserve my seat and go to payment"), order, tone=tone, place=Place.BODY)
    elif subject.state == EnrolmentState.ENROLLED:
        yield Act(_with_deadline(_("Go to payment"), subject), order, tone="btn-primary", place=Place.BODY)
    if subject.state in WITHDRAWABLE:
        yield Act(
            _("Withdraw from this class"),
            reverse("billing:withdrawal", args=[subject.id]),
            tone="btn-link",
            place=Place.FOOT,
            confirm=_("Withdraw from this class?"),
            detail=_("The seat goes to somebody else. What you have paid is settled at the counter."),
        )
