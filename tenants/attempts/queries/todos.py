"""To-dos of tests, for their candidates."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.todos import Todo, only_if
from shared.rankings.queries import questions as ranking_questions

from .attempts import any_attempt, my_attempts, rating_key


@only_if(lambda actor, at: [any_attempt(actor.person_id)] if actor.person_id else [])
def for_trainee(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the test that is on, and the result to rate."""
    if actor.person_id is None:
        return
    for mine in my_attempts(actor.person_id):
        where = f"{mine.room} · {mine.ticket_no}"
        if mine.ahead:
            url = reverse("attempts:attempt", args=[mine.attempt_id])
            yield Todo(_("Your test"), url, _("To the test"), where, tone="warn", icon="device-desktop")
        elif mine.has_score and not ranking_questions.has_rated(rating_key(mine.enrolment_id)):
            url = reverse("attempts:rating", args=[mine.attempt_id])
            text = _("A few questions, once; the institution does not learn who answered.")
            yield Todo(_("Rate your training"), url, _("Rate"), text, icon="star")
