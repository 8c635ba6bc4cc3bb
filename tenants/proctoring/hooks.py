"""Acts of proctoring on the page of a sitting: the moves of the day, the room, its papers."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.offers import DESK_ROLE, Act, Place, Subject, offers
from tenants.sittings.states import CHIEF_MOVES, LIVE, SITTING, DutyRole, SittingState

MOVE_URLS = {
    "open_checkin": "proctoring:opening",
    "begin": "proctoring:beginning",
    "close": "proctoring:closing",
    "finalise": "proctoring:finalisation",
}
"""Where the button of each move leads; minutes are signed on a page, a cancellation asks for its reason on another."""
ASKED_ON_A_PAGE = ("close", "finalise")
"""What cannot simply be taken back says on a page of its own what it does, counted."""


@offers.connect("sittings.sitting")
def on_sitting(subject: Subject) -> Iterable[Act]:
    """Offer what this person can do with a sitting now: enter the room, sign, move it on, cancel it, see its papers."""
    yield from _on_duty(subject)
    yield from _moves(subject)
    if "cancel" in subject.moves and DESK_ROLE in subject.roles:
        yield Act(_("Cancel the sitting"), reverse("proctoring:cancellation", args=[subject.id]), method="get")
    yield from _papers(subject)


def _on_duty(subject: Subject) -> Iterable[Act]:
    if subject.state in LIVE and subject.roles & set(DutyRole):
        yield Act(_("To the room"), reverse("proctoring:room", args=[subject.id]), method="get", tone="btn-primary")
    if "sign_minutes" in subject.moves and DutyRole.CHIEF in subject.roles:
        url = reverse("proctoring:minutes", args=[subject.id])
        yield Act(_("Write and sign the minutes"), url, method="get", tone="btn-primary")


def _moves(subject: Subject) -> Iterable[Act]:
    chief = DutyRole.CHIEF in subject.roles
    for name, url_name in MOVE_URLS.items():
        if name in subject.moves and (chief or name not in CHIEF_MOVES):
            label = SITTING.by_name[name].label
            method = "get" if name in ASKED_ON_A_PAGE else "post"
            yield Act(label, reverse(url_name, args=[subject.id]), method=method, tone="btn-primary")
    if "reopen" in subject.moves and chief:
        yield Act(SITTING.by_name["reopen"].label, reverse("proctoring:reopening", args=[subject.id]), method="get")


def _papers(subject: Subject) -> Iterable[Act]:
    if subject.state == SittingState.DRAFT:
        return
    url = reverse("proctoring:attendance", args=[subject.id])
    yield Act(_("Attendance sheet"), url, method="get", icon="printer", place=Place.SIDE)
    if subject.state != SittingState.FILED:
        for title, name in ((_("Incidents"), "incidents"), (_("Minutes of the test"), "minutes")):
            yield Act(title, reverse(f"proctoring:{name}", args=[subject.id]), method="get", place=Place.SIDE)
