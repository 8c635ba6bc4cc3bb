"""Programmes, lessons and classes put right: freely while nobody relies on them, afterwards in what harms nobody."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal
from shared.policy.queries import packs as pack_queries

from .. import methods, rules
from ..models import Lesson, Programme, TrainingClass
from ..queries import catalogue, editing
from ..states import LessonKind
from .classes import InvalidClassDates
from .programmes import ProgrammeInUse, TooFewHours


class FieldFixed(Refusal):
    """Somebody relies on this already."""

    code = "field-fixed"
    message = _("This can no longer be changed: people have enrolled, learnt or paid under it.")


class SeatsHeld(Invalid):
    """A class has no fewer seats than are held."""

    code = "seats-held"
    message = _("%(held)s seats are held; a class cannot have fewer.")


def edit_programme(*, programme_id: uuid.UUID, title: str, class_hours: int, by: Actor, at: datetime) -> Programme:
    """Change a programme's title; its class hours as long as no class has been planned by it.

    Refuses (FieldFixed) hours that a class has, and (TooFewHours) fewer than the policy asks for.
    """
    access.demand(by, rules.desk)
    with transaction.atomic():
        row = catalogue.programme(programme_id, lock=True)
        if class_hours != row.class_hours:
            if "class_hours" in editing.fixed_of_programme(row):
                raise FieldFixed(field="class_hours")
            least = pack_queries.pack_at(at).hours(row.position)
            if class_hours < least:
                label = pack_queries.position(row.position, row.opened_at).label
                raise TooFewHours(field="class_hours", position=label, least=least)
        _change(row, "programme.edit", {"title": title, "class_hours": class_hours}, by=by, at=at)
    return row


def edit_lesson(
    *,
    lesson_id: uuid.UUID,
    title: str,
    kind: str,
    seconds: int,
    body: str,
    media: uuid.UUID | None,
    by: Actor,
    at: datetime,
) -> Lesson:
    """Change a lesson; once hours were credited in its programme, the words alone. `media` None keeps the video.

    Refuses (ProgrammeInUse) another kind, length or video then, and (Invalid) what `add_lesson` refuses.
    """
    access.demand(by, rules.desk)
    with transaction.atomic():
        lesson = editing.lesson(lesson_id)
        catalogue.programme(lesson.programme_id, lock=True)
        lesson = editing.lesson(lesson_id)
        media = media or lesson.media
        if (kind, seconds, media) != (lesson.kind, lesson.seconds, lesson.media) and editing.fixed_of_lesson(lesson):
            raise ProgrammeInUse
        if kind == LessonKind.DOCUMENT and not body:
            raise Invalid(_("A reading lesson needs its text."), field="body")
        if kind == LessonKind.VIDEO and media is None:
            raise Invalid(_("A video lesson needs its video."), field="video")
        values = {"title": title, "kind": kind, "seconds": seconds, "body": body, "media": media}
        _change(lesson, "lesson.edit", values, by=by, at=at)
    return lesson


def edit_class(
    *,
    class_id: uuid.UUID,
    name: str,
    starts_on: date,
    ends_on: date,
    capacity: int,
    place: str,
    teacher: uuid.UUID | None,
    teacher_name: str,
    by: Actor,
    at: datetime,
) -> TrainingClass:
    """Change a class: its days until somebody holds a seat, seats until it starts, name, place and teacher until it
    closes.

    Refuses (FieldFixed) the rest, (InvalidClassDates) days in the wrong order, and (SeatsHeld) fewer seats than held.
    """
    access.demand(by, rules.desk)
    with transaction.atomic():
        row = editing.lock_class(class_id)
        values = {
            "name": name,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "capacity": capacity,
            "place": place,
            "teacher": teacher,
            "teacher_name": teacher_name,
        }
        changed = {field for field, value in values.items() if value != getattr(row, field)}
        if fixed := sorted(changed & methods.fixed_of_class(row.state, row.seats_taken)):
            raise FieldFixed(field=fixed[0])
        if ends_on < starts_on:
            raise InvalidClassDates(field="ends_on")
        if changed & {"starts_on", "ends_on"} and ends_on < legal_day(at):
            raise InvalidClassDates(_("These days are over."), field="ends_on")
        if capacity < max(row.seats_taken, 1):
            raise SeatsHeld(field="capacity", held=row.seats_taken)
        _change(row, "training_class.edit", values, by=by, at=at)
    return row


def _change(row: Any, verb: str, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Write what has changed, with what it was before; nothing where nothing has."""
    changed = [field for field, value in values.items() if value != getattr(row, field)]
    if not changed:
        return
    before = audit.values(row, *changed)
    for field in changed:
        setattr(row, field, values[field])
    row.save(update_fields=changed)
    audit.note(verb, row, by=by, at=at, before=before, after=audit.values(row, *changed))
