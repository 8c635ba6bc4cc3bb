"""Lessons in another order: what was credited stays with its lesson, wherever it stands."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel import access, audit
from kernel.access import Actor
from kernel.errors import Invalid, Refusal

from .. import rules
from ..models import Lesson
from ..queries import catalogue, editing

ASIDE = 10_000  # places that no programme has: the database holds each place once at every moment


class NoSuchPlace(Invalid):
    """A programme has places from the first to the last of its lessons."""

    code = "no-such-place"
    message = _("This programme has places from 1 to %(last)s.")


class MovedMeanwhile(Refusal):
    """The order is no longer the one that was seen."""

    code = "lesson-moved-meanwhile"
    message = _("Somebody else changed the order of the lessons meanwhile. Nothing was moved; open the page again.")


def place_lesson(*, lesson_id: uuid.UUID, place: int, seen: int | None = None, by: Actor, at: datetime) -> Lesson:
    """Put a lesson at a place of its programme; those between close up. `seen` is where a page showed it.

    Refuses (NoSuchPlace) a place before the first or after the last, and (MovedMeanwhile) where it is no longer there.
    """
    access.demand(by, rules.desk)
    with transaction.atomic():
        catalogue.programme(editing.lesson(lesson_id).programme_id, lock=True)
        row = editing.lesson(lesson_id)
        last = row.programme.lessons.count()
        if not 1 <= place <= last:
            raise NoSuchPlace(field="place", last=last)
        if seen is not None and seen != row.place:
            raise MovedMeanwhile
        if place != row.place:
            before = audit.values(row, "place")
            _move(row, place)
            audit.note("lesson.place", row, by=by, at=at, before=before, after=audit.values(row, "place"))
    return row


def _move(row: Lesson, place: int) -> None:
    """Set those between aside, put the lesson into its place, and set them back one on."""
    low, high = sorted((row.place, place))
    step = 1 if place < row.place else -1
    lessons = Lesson.objects.filter(programme=row.programme_id)
    lessons.filter(place__range=(low, high)).update(place=F("place") + ASIDE)
    row.place = place
    row.save(update_fields=["place"])
    lessons.filter(place__gt=ASIDE).update(place=F("place") - ASIDE + step)
