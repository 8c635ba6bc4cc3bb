"""Sittings at the desk: list, plan, fill, file."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from kernel import access
from kernel.errors import Refusal
from kernel.http import Request, page
from shared.bank import queries as bank
from shared.policy import queries as policy

from .. import operations, queries, rules
from ..forms import CandidatesForm, SittingForm
from ..models import Sitting
from ..states import CHIEF_MOVES, SITTING, DutyRole, SittingState
from ..tables import CandidateTable, SittingTable

# Where the button of each move leads; minutes are signed on a page of proctoring, a cancellation asks for its reason.
MOVE_URLS = {
    "file": "exams:filing",
    "open_checkin": "exams:opening",
    "begin": "exams:beginning",
    "close": "exams:closing",
    "finalise": "exams:finalisation",
}


@access.requires(rules.staff)
@require_GET
def sittings(request: Request) -> HttpResponse:
    """List the sittings: all for the desk, their own for proctors."""
    table = SittingTable(queries.sittings(request.actor))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return page(request, "exams/sittings.html", {"table": table, "desk": rules.desk(request.actor, request)})


@access.requires(rules.desk)
@require_http_methods(["GET", "POST"])
def new_sitting(request: Request) -> HttpResponse:
    """Plan a sitting."""
    pack = policy.pack_at(request.now)
    chiefs, proctors = queries.people_for_duty(request.now)
    rooms = list(queries.rooms())
    positions = [(position.key, position.label) for position in pack.certifiable]
    form = SittingForm(request.POST or None, positions=positions, rooms=rooms, chiefs=chiefs, proctors=proctors)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.schedule_sitting(**form.values(), by=request.actor, at=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The sitting is planned. Add candidates, then file it."))
            return redirect("exams:sitting", sitting_id=row.pk)
    context = {"form": form, "rooms": rooms, "chiefs": chiefs, "pack": pack}
    return page(request, "exams/sitting_new.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.staff)
@require_GET
def sitting(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Show a sitting: its state, what comes next, candidates and duties."""
    row = queries.sitting(sitting_id, request.actor)
    duty = queries.duty_of(sitting_id, request.actor)
    draft = row.state == SittingState.DRAFT
    context = {
        "sitting": row,
        "position": policy.pack(row.policy).position(row.position).label,
        "tone": queries.TONES[SittingState(row.state)],
        "buttons": _buttons(request, row, duty),
        "moves": {move.name for move in SITTING.open_moves(row, request.actor)},
        "duty": duty,
        "desk": rules.desk(request.actor, request),
        "duties": queries.duties(sitting_id),
        "table": CandidateTable(queries.candidates(sitting_id), removable=draft),
        "feasibility": bank.feasibility(row.position, pack=policy.pack(row.policy)) if draft else None,
        "confirm_by": _confirm_by(row),
        "history": queries.life(row),
    }
    return page(request, "exams/sitting.html", context)


def _buttons(request: Request, row: Sitting, duty: str) -> list[dict[str, Any]]:
    """Return the buttons of the moves that this person can make now."""
    chief = duty == DutyRole.CHIEF
    buttons = []
    for move in SITTING.open_moves(row, request.actor):
        if move.name in MOVE_URLS and (chief or move.name not in CHIEF_MOVES):
            buttons.append(
                {"label": move.label, "url": reverse(MOVE_URLS[move.name], args=[row.pk]), "name": move.name}
            )
    return buttons


def _confirm_by(row: Sitting) -> Any:
    """Return until when the results should be confirmed, counted from the end of the test; None at other times."""
    if row.state not in (SittingState.CLOSED, SittingState.MINUTES_SIGNED):
        return None
    days = policy.pack(row.policy).clocks.result_confirmation_days
    return policy.due_after(row.ends_at, days) if days else None


@access.requires(rules.desk)
@require_http_methods(["GET", "POST"])
def candidates(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Choose candidates among those who are ready; the others are shown with what is missing."""
    row = queries.sitting(sitting_id, request.actor)
    people = queries.ready_enrolments(row.position)
    form = CandidatesForm(request.POST or None, ready=people)
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.add_candidates(
                sitting_id=sitting_id, enrolment_ids=form.keys(), by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Added: %(count)s.") % {"count": len(added)})
            return redirect("exams:sitting", sitting_id=sitting_id)
    context = {
        "sitting": row,
        "form": form,
        "anybody": any(readiness.ready for _key, readiness in people),
        "not_ready": [readiness for _key, readiness in people if not readiness.ready],
    }
    return page(request, "exams/candidates.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_POST
def removal(request: Request, candidacy_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the list."""
    sitting_id = queries.candidacy(candidacy_id).sitting_id
    operations.remove_candidate(candidacy_id=candidacy_id, by=request.actor, at=request.now)
    return redirect("exams:sitting", sitting_id=sitting_id)
