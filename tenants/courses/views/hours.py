"""The ledger of one participant, and corrections by two persons."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once

from .. import rules
from ..forms import CorrectionForm, DecisionForm
from ..operations import hours
from ..queries import hours as hour_queries
from ..queries import learning
from ..tables import LedgerTable


@access.requires(rules.teaching)
@require_safe
def ledger(request: Request, participant_id: uuid.UUID) -> HttpResponse:
    """Show every hour of a participant, where it comes from, and whether the ledger agrees with the raw rows."""
    return _ledger(request, participant_id, CorrectionForm())


def _ledger(request: Request, participant_id: uuid.UUID, form: CorrectionForm) -> HttpResponse:
    seat = learning.seat_for_staff(participant_id, by=request.actor)
    context = {
        "seat": seat,
        "progress": hour_queries.progress(seat.enrolment_id),
        "lines": paged(request, LedgerTable(hour_queries.ledger(seat.pk))),
        "corrections": seat.corrections.order_by("-proposed_at"),
        "discrepancies": hour_queries.discrepancies(seat.person_id),
        "form": form,
    }
    return page(request, "courses/ledger.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.teaching)
@require_POST
@once
def corrections(request: Request, participant_id: uuid.UUID) -> HttpResponse:
    """Propose a correction."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        data = dict(form.cleaned_data)
        if submit(
            form,
            lambda: hours.propose_correction(
                participant_id=participant_id,
                seconds=data.pop("minutes") * 60,
                **data,
                by=request.actor,
                at=request.now,
            ),
        ):
            messages.success(request, _("The correction waits for a second person."))
            return redirect("courses:ledger", participant_id=participant_id)
    return _ledger(request, participant_id, form)


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: Request, correction_id: uuid.UUID) -> HttpResponse:
    """Show a proposed correction; POST decides it."""
    row = learning.correction(correction_id)
    form = DecisionForm(request.POST or None)
    own = row.proposed_by == request.actor.account_id
    if submit(
        form,
        lambda: hours.decide_correction(
            correction_id=correction_id,
            approve=form.cleaned_data["decision"] == "approve",
            why=form.cleaned_data["why"],
            by=request.actor,
            at=request.now,
        ),
        shown=row.is_undecided and not own,
    ):
        approved = form.cleaned_data["decision"] == "approve"
        messages.success(request, _("The correction counts.") if approved else _("The correction is rejected."))
        return redirect("courses:ledger", participant_id=row.participant_id)
    context = {"correction": row, "form": form, "own": own}
    return page(request, "courses/correction.html", context, status=422 if form.is_bound else 200)
