"""Trainees rate: once per enrolment, for good, and nobody can tell who (policy part 5)."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal
from kernel.tenancy import open_public
from shared.institutions.queries import listing as institution_listing_queries

from ..methods import StarMethod
from ..models import EligibleTrainees, Rating
from ..queries import questions as ranking_questions


class AlreadyRated(Refusal):
    """A rating was given under this enrolment, and it said something else."""

    code = "already-rated"
    message = _("You have rated this training already. A rating cannot be changed; thank you for it.")


class AnswersIncomplete(Invalid):
    """Every item of the law is answered, with a number from its scale."""

    code = "answers-incomplete"
    message = _("Please answer each of the questions with 1 to %(best)s.")


def record_rating(*, institution_id: uuid.UUID, enrolment_key: str, items: Mapping[str, int], at: datetime) -> None:
    """Keep what a trainee answers (the database counts it in its month); counted for the year in which it is given.

    Called by an institution in its own transaction after a finished test. `enrolment_key` tells one enrolment from all
    others in the province; it is kept as a keyed digest only, no note names the trainee, and of the time only the day
    is kept. The same answers again change nothing. Refuses other answers (AlreadyRated), and answers that do not fit
    the items in force (AnswersIncomplete), and an unknown institution (NotFound).
    """
    method = ranking_questions.method_at(at)
    answers = _checked(items, method)
    day, key = legal_day(at), ranking_questions.rater_key(enrolment_key)
    with open_public(), transaction.atomic():
        institution_listing_queries.institution(institution_id)
        known = Rating.objects.filter(rater_key=key).first()
        if known is None:
            row = Rating(institution_id=institution_id, rater_key=key, answers=answers, policy=method.policy)
            row.given_on, row.year = day, day.year
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:  # the same rating at the same time
                known = Rating.objects.get(rater_key=key)
        if known is not None and known.answers != answers:
            raise AlreadyRated


def count_eligible(*, institution_id: uuid.UUID, at: datetime, trainees: int = 1) -> None:
    """Count trainees who finished a test and can now rate; from this the response rate is known."""
    day = legal_day(at)
    with open_public():
        EligibleTrainees.objects.create(institution_id=institution_id, counted_on=day, trainees=trainees)


def _checked(items: Mapping[str, int], method: StarMethod) -> dict[str, int]:
    wanted = {item.key for item in method.items}
    whole = all(type(value) is int and 1 <= value <= method.best for value in items.values())
    if set(items) != wanted or not whole:
        field = next((item.key for item in method.items if items.get(item.key) not in range(1, method.best + 1)), None)
        raise AnswersIncomplete(field=field, best=method.best)
    return {item.key: items[item.key] for item in method.items}
