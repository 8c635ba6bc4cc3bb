"""Sittings at the desk: list, plan, fill, file."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.conflicts import stamps
from kernel.offers import DESK_ROLE, Subject, offered
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.bank import queries as bank_queries
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..forms import CandidatesForm, ChiefForm, SittingForm
from ..models.sittings import Sitting
from ..operations import candidates, sittings
from ..queries import duties as duty_queries
from ..queries import sittings as sitting_queries
from ..states import CHIEF_REPLACEABLE, SITTING, SittingState
from ..tables import CandidateTable, SittingTable


@access.requires(rules.staff)
@require_safe
def sitting_list(request: Request) -> HttpResponse:
    """List the sittings: all for the desk, their own for proctors."""
    table = SittingTable(sitting_queries.sittings(request.actor))
    paged(request, table)
    return page(request, "sittings/sittings.html", {"table": table, "desk": rules.desk(request.actor)})


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_sitting(request: Request) -> HttpResponse:
    """Plan a sitting."""
    pack = pack_queries.pack_at(request.now)
    chiefs, proctors = sitting_queries.people_for_duty(request.now)
    rooms = list(sitting_queries.rooms())
    positions = [(position.key, position.label) for position in pack.certifiable]
    form = SittingForm(request.POST or None, positions=positions, rooms=rooms, chiefs=chiefs, proctors=proctors)
    if success := submit(form, lambda: sittings.schedule_sitting(**form.values(), by=request.actor, at=request.now)):
        messages.success(request, _("The sitting is planned. Add candidates, then file it."))
        return redirect("sittings:sitting", sitting_id=success.result.pk)
    context = {"form": form, "rooms": rooms, "chiefs": chiefs, "pack": pack}
    return page(request, "sittings/sitting_new.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.staff)
@require_safe
def sitting(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Show a sitting: its state, what comes next, candidates and duties."""
    row = sitting_queries.sitting(sitting_id, request.actor)
    pack = pack_queries.pack(row.policy)
    offers = SITTING.offers(row, request.actor)
    desk = rules.desk(request.actor)
    roles = frozenset(role for role in (sitting_queries.duty_of(sitting_id, request.actor), DESK_ROLE * desk) if role)
    context = {
        "sitting": row,
        "position": pack.position(row.position).label,
        "offers": offers,
        "made_from": stamps(sitting_queries.filed_values(sitting_id)) if "file" in offers else {},
        "offered": offered("sittings.sitting", Subject(row.pk, row.state, frozenset(offers), roles)),
        "desk": desk,
        "chief_replaceable": row.state in CHIEF_REPLACEABLE,
        "duties": sitting_queries.duties(sitting_id),
        "table": CandidateTable(sitting_queries.candidates(sitting_id), removable=row.is_draft),
        "feasibility": bank_queries.feasibility(row.position, pack=pack) if row.is_draft else None,
        "confirm_by": _confirm_by(row),
        "without_certificate": sitting_queries.passed_but_not_ready(row),
        "history": sitting_queries.life(row),
    }
    return page(request, "sittings/sitting.html", context)


def _confirm_by(row: Sitting) -> Any:
    """Return until when the results should be confirmed, counted from the end of the test; None at other times."""
    if row.state not in (SittingState.CLOSED, SittingState.MINUTES_SIGNED):
        return None
    days = pack_queries.pack(row.policy).clocks.result_confirmation_days
    return calendar_queries.due_after(row.ends_at, days) if days else None


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def choose_candidates(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Choose candidates among those who are ready; the others are shown with what is missing."""
    row = sitting_queries.sitting(sitting_id, request.actor)
    people = sitting_queries.ready_enrolments(row.position)
    form = CandidatesForm(request.POST or None, ready=people)
    if success := submit(
        form,
        lambda: candidates.add_candidates(
            sitting_id=sitting_id, enrolment_ids=form.keys(), by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("Added: %(count)s.") % {"count": len(success.result)})
        return redirect("sittings:sitting", sitting_id=sitting_id)
    context = {
        "sitting": row,
        "form": form,
        "anybody": any(readiness.ready for _key, readiness in people),
        "not_ready": [readiness for _key, readiness in people if not readiness.ready],
    }
    return page(request, "sittings/candidates.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_POST
@once
def removal(request: Request, candidacy_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the list."""
    sitting_id = sitting_queries.candidacy(candidacy_id).sitting_id
    candidates.remove_candidate(candidacy_id=candidacy_id, by=request.actor, at=request.now)
    return redirect("sittings:sitting", sitting_id=sitting_id)


@access.requires(rules.desk)
@require_POST
@once
def filing(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """File the sitting with the authority, as the page showed it."""
    sent = request.POST.get("made_from")
    seen = None if sent is None else {"candidates": sent}
    sittings.file_sitting(sitting_id=sitting_id, made_from=seen, by=request.actor, at=request.now)
    messages.success(request, _("Filed. Seats are drawn and the authority is informed."))
    return redirect("sittings:sitting", sitting_id=sitting_id)


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def chief(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Let another chief proctor take over, with a reason."""
    row = sitting_queries.sitting(sitting_id, request.actor)
    duties = sitting_queries.duties(sitting_id)
    chiefs, _proctors = sitting_queries.people_for_duty(request.now)
    stored = duty_queries.stored_chief(sitting_id)
    others = [account for account in chiefs if str(account.id) != stored["chief"]]
    form = ChiefForm(request.POST or None, chiefs=chiefs, stored=stored)
    if submit(
        form,
        lambda: sittings.replace_chief(
            sitting_id=sitting_id,
            account_id=uuid.UUID(form.cleaned_data["chief"]),
            why=form.cleaned_data["reason"],
            made_from=form.cleaned_data["made_from"],
            by=request.actor,
            at=request.now,
        ),
    ):
        messages.success(request, _("Another chief proctor has taken over."))
        return redirect("sittings:sitting", sitting_id=sitting_id)
    context = {"sitting": row, "form": form, "others": others, "duties": duties}
    return page(request, "sittings/chief.html", context, status=422 if form.is_bound else 200)
