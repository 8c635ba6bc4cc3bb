"""Pages of a trainee's test: the ticket, the test itself, the score, the rating."""

import hashlib
import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kernel import access, clock
from kernel.errors import Refusal
from kernel.http import Request, page
from shared.policy import queries as policy
from shared.rankings import queries as rankings

from .. import methods, operations, queries
from ..forms import RatingForm
from ..methods import Token
from ..models import Attempt


@access.signed_in
@require_GET
def tests(request: Request) -> HttpResponse:
    """List one's own tests here."""
    person_id = request.actor.person_id
    return page(request, "exams/tests.html", {"tests": queries.my_attempts(person_id) if person_id else []})


@access.signed_in
@require_GET
def ticket(request: Request, candidacy_id: uuid.UUID) -> HttpResponse:
    """Show the admission ticket, to print or to show on a phone."""
    row, person = queries.ticket(candidacy_id, request.actor.person_id)
    pack = policy.pack(row.sitting.policy)
    context = {
        "row": row,
        "person": person,
        "position": pack.position(row.sitting.position).label,
        "entry_opens": row.sitting.starts_at - timedelta(minutes=pack.sitting.entry_opens_minutes),
        "latest": row.sitting.starts_at + timedelta(minutes=pack.sitting.late_entry_minutes),
    }
    return page(request, "exams/ticket.html", context)


@access.signed_in
@never_cache
@require_GET
def attempt(request: Request, attempt_id: uuid.UUID) -> HttpResponse:
    """Show the test. The page opened last may write: opening it takes the lease, or asks the proctor for it."""
    row = queries.attempt_for(attempt_id, request.actor.person_id)
    if methods.has_result(row.state):
        return redirect("exams:score", attempt_id=attempt_id)
    lease = operations.take_lease(
        attempt_id=attempt_id,
        person_id=row.candidacy.person_id,
        device=_device(request),
        at=clock.real_now(),
    )
    context = {"attempt": row, "position": policy.pack(row.sitting.policy).position(row.sitting.position).label}
    if lease.epoch is None:
        return page(request, "exams/attempt_wait.html", context | {"ended": lease.ended})
    return page(request, "exams/attempt.html", context | {"token": _token(request, row, lease.epoch)})


def _device(request: Request) -> str:
    """Return a digest of this browser's session, without keeping its key."""
    if request.session.session_key is None:
        request.session.save()
    return hashlib.sha256(f"lease:{request.session.session_key}".encode()).hexdigest()


def _token(request: Request, row: Attempt, epoch: int) -> str:
    """Return the page's token, valid until two hours after the sitting's end, whatever becomes of the web session.

    What remains until that end is counted at the request's time, the token's own life in real time.
    """
    remaining = max(row.sitting.ends_at - request.now, timedelta()) + methods.TOKEN_GRACE
    schema = request.institution.schema_name
    return methods.mint(Token(row.pk, epoch, schema, clock.real_now() + remaining))


@access.signed_in
@require_GET
def score(request: Request, attempt_id: uuid.UUID) -> HttpResponse:
    """Show the result, provisional until the sitting's results are confirmed."""
    result = queries.score_for(attempt_id, request.actor.person_id)
    pack = policy.pack(result.policy)
    context = {
        "score": result,
        "position": pack.position(result.position).label,
        "sections": [{**section, "name": pack.paper.section(section["kind"]).label} for section in result.sections],
        "days": pack.clocks.result_confirmation_days,
        "retest": pack.retest,
        "rated": rankings.has_rated(queries.rating_key(result.enrolment_id)),
    }
    return page(request, "exams/score.html", context)


@access.signed_in
@require_http_methods(["GET", "POST"])
def rating(request: Request, attempt_id: uuid.UUID) -> HttpResponse:
    """Ask the questions of the law; POST keeps the answers, once."""
    result = queries.score_for(attempt_id, request.actor.person_id)
    form = RatingForm(request.POST or None, questions=rankings.questions(request.now))
    if request.method == "POST" and form.is_valid():
        try:
            operations.rate(
                attempt_id=attempt_id, person_id=request.actor.person_id, items=form.cleaned_data, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Thank you. Your answers count for this year's stars."))
            return redirect("exams:score", attempt_id=attempt_id)
    context = {"score": result, "form": form, "rated": rankings.has_rated(queries.rating_key(result.enrolment_id))}
    return page(request, "exams/rating.html", context, status=422 if form.is_bound else 200)
