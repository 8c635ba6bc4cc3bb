"""Pages of one's own tests: the list, the test itself, the score, the rating."""

import hashlib
import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel import access, clock
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Pack
from shared.rankings.queries import questions as ranking_questions

from .forms import RatingForm
from .methods import protocol
from .methods import tokens as token_methods
from .methods.tokens import Token
from .models.attempts import Attempt
from .operations import attempts
from .operations import ratings as attempt_ratings
from .queries import attempts as attempt_queries


@access.signed_in
@require_safe
def tests(request: Request) -> HttpResponse:
    """List one's own tests here."""
    person_id = request.actor.person_id
    return page(request, "attempts/tests.html", {"tests": attempt_queries.my_attempts(person_id) if person_id else []})


@access.signed_in
@never_cache
@require_safe
def attempt(request: Request, attempt_id: uuid.UUID) -> HttpResponse:
    """Show the test. The page opened last may write: opening it takes the lease, or asks the proctor for it."""
    row = attempt_queries.attempt_for(attempt_id, request.actor.person_id)
    if protocol.has_result(row.state):
        return redirect("attempts:score", attempt_id=attempt_id)
    lease = attempts.take_lease(
        attempt_id=attempt_id,
        person_id=row.person_id,
        device=_device(request),
        at=clock.real_now(),
    )
    context = {"attempt": row, "position": pack_queries.pack(row.sitting_policy).position(row.position).label}
    if lease.epoch is None:
        return page(request, "attempts/attempt_wait.html", context | {"ended": lease.ended})
    return page(request, "attempts/attempt.html", context | {"token": _token(request, row, lease.epoch)})


def _device(request: Request) -> str:
    """Return a digest of this browser's session, without keeping its key."""
    if request.session.session_key is None:
        request.session.save()
    return hashlib.sha256(f"lease:{request.session.session_key}".encode()).hexdigest()


def _token(request: Request, row: Attempt, epoch: int) -> str:
    """Return the page's token, valid for a day after the sitting's end, longer than a clock can be extended, whatever
    becomes of the web session.

    What remains until that end is counted at the request's time, the token's own life in real time.
    """
    remaining = max(row.ends_at - request.now, timedelta()) + token_methods.TOKEN_GRACE
    schema = request.institution.schema_name
    return token_methods.mint(Token(row.pk, epoch, schema, clock.real_now() + remaining))


@access.signed_in
@require_safe
def score(request: Request, attempt_id: uuid.UUID) -> HttpResponse:
    """Show the result, provisional until the sitting's results are confirmed."""
    result = attempt_queries.score_for(attempt_id, request.actor.person_id)
    pack = pack_queries.pack(result.policy)
    until = _retest_until(result, pack)
    context = {
        "score": result,
        "position": pack.position(result.position).label,
        "sections": [{**section, "name": pack.paper.section(section["kind"]).label} for section in result.sections],
        "days": pack.clocks.result_confirmation_days,
        "retest": pack.retest,
        "retest_until": until,
        "retest_is_over": until is not None and until < clock.legal_day(request.now),
        "rated": ranking_questions.has_rated(attempt_queries.rating_key(result.enrolment_id)),
    }
    return page(request, "attempts/score.html", context)


def _retest_until(result: attempt_queries.ScoreView, pack: Pack) -> date | None:
    """Return until when a failed test may be taken again, counted from the first that was failed; None for a pass."""
    failed_on = None if result.passed else attempt_queries.first_failed_on(result.enrolment_id)
    return pack.retest.last_day(failed_on) if failed_on else None


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def rating(request: Request, attempt_id: uuid.UUID) -> HttpResponse:
    """Ask the questions of the law; POST keeps the answers, once."""
    result = attempt_queries.score_for(attempt_id, request.actor.person_id)
    form = RatingForm(request.POST or None, questions=ranking_questions.questions(request.now))
    if submit(
        form,
        lambda: attempt_ratings.rate(
            attempt_id=attempt_id, person_id=request.actor.person_id, items=form.cleaned_data, at=request.now
        ),
    ):
        messages.success(request, _("Thank you. Your answers count for this year's stars."))
        return redirect("attempts:score", attempt_id=attempt_id)
    context = {
        "score": result,
        "form": form,
        "rated": ranking_questions.has_rated(attempt_queries.rating_key(result.enrolment_id)),
    }
    return page(request, "attempts/rating.html", context, status=422 if form.is_bound else 200)
