"""Programmes and their lessons."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel import access, audit
from kernel.access import Actor
from kernel.errors import Invalid, Refusal
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models import HourEntry, Lesson, Programme
from ..queries import catalogue
from ..states import LessonKind


class TooFewHours(Invalid):
    """The policy asks for more class hours."""

    code = "too-few-hours"
    message = _("%(position)s needs at least %(least)s class hours.")


class NotCommitted(Refusal):
    """The institution has not committed itself to this position."""

    code = "not-committed"
    message = _("This institution is not listed for %(position)s. A new commitment is needed first.")


class ProgrammeInUse(Refusal):
    """Hours were credited under this programme already, so its lessons stay as they are."""

    code = "programme-in-use"
    message = _("Hours have been credited in this programme already; its lessons can no longer change.")


def open_programme(*, position: str, title: str, class_hours: int | None = None, by: Actor, at: datetime) -> Programme:
    """Open a programme for a position; the class hours default to the policy's and are never fewer (policy part 1.2).

    Refuses (UnknownKey) a position that is not certified now, (NotCommitted) one the institution is not listed for, and
    (TooFewHours) fewer hours than the policy asks for.
    """
    access.demand(by, rules.desk)
    pack = pack_queries.pack_at(at)
    position_value = pack_queries.position(position, at)
    if not position_value.certifiable:
        raise pack_queries.UnknownKey(field="position", key=position)
    if position not in {value.key for value in catalogue.positions_here(at)}:
        raise NotCommitted(field="position", position=position_value.label)
    least = pack.hours(position)
    hours = class_hours or least
    if hours < least:
        raise TooFewHours(field="class_hours", position=position_value.label, least=least)
    with transaction.atomic():
        row = Programme.objects.create(
            position=position,
            title=title,
            class_hours=hours,
            seconds_per_class_hour=pack.learning.seconds_per_class_hour,
            policy=pack.version,
            opened_at=at,
        )
        after = audit.values(row, "position", "title", "class_hours", "seconds_per_class_hour")
        audit.note("programme.open", row, by=by, at=at, after=after, policy=pack.version)
    return row


def add_lesson(
    *,
    programme_id: uuid.UUID,
    title: str,
    kind: str,
    seconds: int,
    body: str = "",
    media: uuid.UUID | None = None,
    by: Actor,
    at: datetime,
) -> Lesson:
    """Add a lesson at the end of a programme; `seconds` is the most that it is credited with.

    Refuses (ProgrammeInUse) once hours were credited in the programme, and (Invalid) a reading lesson without a text
    or a video lesson without a video.
    """
    access.demand(by, rules.desk)
    if kind == LessonKind.DOCUMENT and not body:
        raise Invalid(_("A reading lesson needs its text."), field="body")
    if kind == LessonKind.VIDEO and media is None:
        raise Invalid(_("A video lesson needs its video."), field="media")
    with transaction.atomic():
        programme = catalogue.programme(programme_id, lock=True)
        if HourEntry.objects.filter(participant__training_class__programme=programme).exists():
            raise ProgrammeInUse
        last = programme.lessons.aggregate(last=Max("place"))["last"] or 0
        row = Lesson.objects.create(
            programme=programme, place=last + 1, title=title, kind=kind, seconds=seconds, body=body, media=media
        )
        audit.note("lesson.add", row, by=by, at=at, after=audit.values(row, "title", "kind", "seconds"))
    return row
