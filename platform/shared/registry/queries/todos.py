"""To-do entries of officers and principals, the oldest term first."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import CharField, Q, UUIDField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.access import Actor
from kernel.dates import day_in_words
from kernel.db.statements import Bind, Figure, Statement
from kernel.todos import Todo, only_if
from shared.exchange.queries import messages as exchange_message_queries
from shared.exchange.states import MINISTRY
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models.commitments import Commitment, applicant_columns
from ..models.publicity import Objection, Upload
from ..states import CLOSED, Kind, ObjectionState, State
from .commitments import commitments_of, fault_message, organisation_ids, to_confirm, to_verify
from .notices import objections_open

LIMIT = 50


def _page(name: str, key: object) -> str:
    """Return a page's path at the platform's host, wherever the question comes from."""
    return reverse(f"registry:{name}", args=[key], urlconf=settings.PUBLIC_SCHEMA_URLCONF)


def time_left(days: int) -> str:
    """Return how much of a clock is left, in words."""
    if days < 0:
        return ngettext("overdue by %(n)d working day", "overdue by %(n)d working days", -days) % {"n": -days}
    if days == 0:
        return _("due today")
    return ngettext("%(n)d working day left", "%(n)d working days left", days) % {"n": days}


def tone(left: int, total: int) -> str:
    """Return the tone of a clock: bad when over, warn when 70 % is gone, else good."""
    return "bad" if left < 0 else "warn" if left * 10 <= total * 3 else "good"


_CODES = Bind("codes", CharField(), many=True)
_OBJECTIONS = Statement(
    lambda: Objection.objects.filter(state=ObjectionState.OPEN, notice__commitment__authority_code__any_of=_CODES)
)
_COMMITMENTS = Statement(
    lambda: Commitment.objects.filter(
        Q(state=State.SUBMITTED) | Q(kind=Kind.SELF_CHECK, state=State.DRAFT, existing_since=None),
        authority_code__any_of=_CODES,
    )
)
_UPLOADS = Statement(lambda: Upload.objects.filter(received_at=None, commitment__authority_code__any_of=_CODES))
_OWN = Statement(lambda: Commitment.objects.filter(organisation_id__any_of=Bind("ids", UUIDField(), many=True)))


def _signs_for_officer(by: Actor, at: datetime) -> list[Figure]:
    codes = rules.visits.scopes(by) | rules.signs.scopes(by)
    return [each.exists(codes=codes) for each in (_OBJECTIONS, _COMMITMENTS, _UPLOADS)] if codes else []


@only_if(_signs_for_officer)
def for_officer(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield what waits for an officer or inspector: objections first, then verifications by their clocks."""
    if not rules.visits.scopes(by):
        return
    for objection in objections_open(by)[:LIMIT]:
        yield Todo(
            _("Decide an objection against %(name)s") % {"name": objection.applicant_name},
            _page("objection", objection.pk),
            _("Decide"),
            _("The public notice cannot end while it is open."),
            tone="warn",
            icon="speakerphone",
        )
    waiting = list(to_verify(by)[:LIMIT])
    left = calendar_queries.working_days_left_each(at, (row.due_on for row in waiting if row.due_on))
    totals = {
        version: pack_queries.pack(version).clocks.verification_days for version in {row.policy for row in waiting}
    }
    for row in waiting:
        yield _verification(row, left[row.due_on] if row.due_on else 0, totals[row.policy])
    yield from _to_confirm(by)
    yield from _uploads(by)


def _verification(row: Commitment, left: int, total: int) -> Todo:
    mark = " · " + _("provisional calendar") if row.provisional else ""
    submitted, due = (day_in_words(day) if day is not None else "—" for day in (row.submitted_at, row.due_on))
    return Todo(
        _("Verify %(name)s on site") % {"name": row.applicant_name},
        _page("verification", row.pk),
        _("Open the check list"),
        _("Submitted on %(day)s") % {"day": submitted} + mark,
        time_left(left) + " · " + _("due %(day)s") % {"day": due},
        tone(left, total),
        "clipboard-check",
    )


def _to_confirm(by: Actor) -> Iterator[Todo]:
    for row in to_confirm(by)[:LIMIT]:
        yield Todo(
            _("%(name)s says that it trained before the policy") % {"name": row.applicant_name},
            _page("self-check", row.pk),
            _("Confirm"),
            _("Compare with the earlier list; until then it may not train here."),
            icon="building",
        )


def _uploads(by: Actor) -> Iterator[Todo]:
    faults = dict(exchange_message_queries.open_faults(MINISTRY, "institution"))
    rows = Upload.objects.annotate(**applicant_columns("commitment__")).filter(received_at=None, request_id__in=faults)
    for row in rows.filter(commitment__authority_code__in=rules.signs.scopes(by)).order_by("id")[:LIMIT]:
        yield Todo(
            _("%(name)s waits for the ministry's system") % {"name": row.applicant_name},
            _page("verification", row.commitment_id),
            _("See"),
            str(fault_message(faults[str(row.request_id)])),
            tone="warn",
            icon="cloud-upload",
        )


_PRINCIPAL = {
    State.DRAFT: (gettext_lazy("Fill in the commitment of %(name)s"), gettext_lazy("Go on"), ""),
    State.FALSE: (gettext_lazy("Correct the commitment of %(name)s"), gettext_lazy("Correct"), "bad"),
    State.RETURNED: (gettext_lazy("Correct the commitment of %(name)s"), gettext_lazy("Correct"), "bad"),
}


def _self_check(row: Commitment, url: str) -> Todo:
    confirmed = row.existing_since is not None
    detail = _("You train on by the earlier list.") if confirmed else _("The authority has not confirmed yet.")
    title = _("Self-check of %(name)s") % {"name": row.applicant_name}
    return Todo(title, url, _("Go on"), detail, icon="file-text")


def _signs_for_principal(by: Actor, at: datetime) -> list[Figure]:
    ids = organisation_ids(rules.applies.scopes(by))
    return [_OWN.exists(ids=ids)] if ids else []


@only_if(_signs_for_principal)
def for_principal(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield what waits for a principal: the commitment to fill in or to correct, and where the others stand."""
    if not rules.applies.scopes(by):
        return
    for row in commitments_of(by)[:LIMIT]:
        url = _page("commitment", row.pk)
        if row.state in CLOSED:
            continue
        if row.kind == Kind.SELF_CHECK:
            name = {"name": row.applicant_name}
            detail = (
                _("You train on by the earlier list.")
                if row.existing_since
                else _("The authority has not confirmed yet.")
            )
            yield Todo(_("Self-check of %(name)s") % name, url, _("Go on"), detail, icon="file-text")
            continue
        if row.state not in _PRINCIPAL:
            plain = _("Commitment of %(name)s") % {"name": row.applicant_name}
            yield Todo(plain, url, _("See"), str(State(row.state).label), icon="history")
            continue
        title, button, colour = _PRINCIPAL[State(row.state)]
        yield Todo(
            title % {"name": row.applicant_name}, url, button, str(State(row.state).label), "", colour, "file-text"
        )
