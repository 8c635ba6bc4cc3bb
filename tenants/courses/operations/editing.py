"""Programmes, lessons and classes put right: freely while nobody relies on them, afterwards in what harms nobody.

`made_from` are the stamps of what the page showed (kernel.conflicts): what was left as it was is no change, and what
somebody else changed meanwhile is refused (ChangedMeanwhile).
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.conflicts import Stamps
from kernel.errors import Invalid, Refusal
from shared.policy.queries import packs as pack_queries

from .. import methods, rules
from ..models import Lesson, Programme, TrainingClass
from ..queries import catalogue, editing
from ..states import LessonKind
from .classes import InvalidClassDates
from .filing import file_class, file_classes_of
from .programmes import ProgrammeInUse, TooFewHours


class FieldFixed(Refusal):
    """Somebody relies on this already."""

    code = "field-fixed"
    message = _("This can no longer be changed: people have enrolled, learnt or paid under it.")


class SeatsHeld(Invalid):
    """A class has no fewer seats than are held."""

    code = "seats-held"
    message = _("%(held)s seats are held; a class cannot have fewer.")


def edit_programme(
    *,
    programme_id: uuid.UUID,
    title: str,
    class_hours: int,
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> Programme:
    """Change a programme's title; its class hours as long as no class has been planned by it.

    Refuses (FieldFixed) hours that a class has, and (TooFewHours) fewer than the policy asks for.
    """
    access.demand(by, rules.desk)
    with transaction.atomic():
        row = catalogue.programme(programme_id, lock=True)
        stored, entered = editing.stored_of_programme(row), {"title": title, "class_hours": class_hours}
        changed = conflicts.changes(seen=made_from, stored=stored, entered=entered)
        if "class_hours" in changed:
            if "class_hours" in editing.fixed_of_programme(row):
                raise FieldFixed(field="class_hours")
            least = pack_queries.pack_at(at).hours(row.position)
            if class_hours < least:
                label = pack_queries.position(row.position, row.opened_at).label
                raise TooFewHours(field="class_hours", position=label, least=least)
        _change(row, "programme.edit", changed, by=by, at=at)
        if "title" in changed:
            file_classes_of(row.pk, by=by, at=at)
    return row


def edit_lesson(
    *,
    lesson_id: uuid.UUID,
    title: str,
    kind: str,
    minutes: int,
    body: str,
    media: uuid.UUID | None,
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> Lesson:
    """Change a lesson; once hours were credited in its programme, the words alone. `media` None keeps the video, and
    as many whole minutes as it has keep its seconds.

    Refuses (ProgrammeInUse) another kind, length or video then, and (Invalid) what `add_lesson` refuses.
    """
    access.demand(by, rules.desk)
    with transaction.atomic():
        lesson = editing.lesson(lesson_id)
        catalogue.programme(lesson.programme_id, lock=True)
        lesson = editing.lesson(lesson_id)
        stored = editing.stored_of_lesson(lesson)
        entered = {"title": title, "kind": kind, "minutes": minutes, "body": body}
        entered |= {"video": media} if media else {}
        changed = conflicts.changes(seen=made_from, stored=stored, entered=entered)
        if changed.keys() & {"kind", "minutes", "video"} and editing.fixed_of_lesson(lesson):
            raise ProgrammeInUse
        result = stored | changed
        if result["kind"] == LessonKind.DOCUMENT and not result["body"]:
            raise Invalid(_("A reading lesson needs its text."), field="body")
        if result["kind"] == LessonKind.VIDEO and result["video"] is None:
            raise Invalid(_("A video lesson needs its video."), field="video")
        if "minutes" in changed:
            changed["seconds"] = changed.pop("minutes") * 60
        if "video" in changed:
            changed["media"] = changed.pop("video")
        _change(lesson, "lesson.edit", changed, by=by, at=at)
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
    made_from: Stamps | None = None,
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
        entered = {
            "name": name,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "capacity": capacity,
            "place": place,
            "teacher": str(teacher or ""),
        }
        stored = editing.stored_of_class(row)
        changed = conflicts.changes(seen=made_from, stored=stored, entered=entered)
        if fixed := sorted(changed.keys() & methods.fixed_of_class(row.state, row.seats_taken)):
            raise FieldFixed(field=fixed[0])
        _refuse_impossible(stored | changed, changed.keys(), held=row.seats_taken, at=at)
        if "teacher" in changed:
            changed |= {"teacher": teacher, "teacher_name": teacher_name}
        _change(row, "training_class.edit", changed, by=by, at=at)
        file_class(row, by=by, at=at)
    return row


def _refuse_impossible(values: Mapping[str, Any], changed: Collection[str], *, held: int, at: datetime) -> None:
    if values["ends_on"] < values["starts_on"]:
        raise InvalidClassDates(field="ends_on")
    if {"starts_on", "ends_on"} & set(changed) and values["ends_on"] < legal_day(at):
        raise InvalidClassDates(_("These days are over."), field="ends_on")
    if values["capacity"] < max(held, 1):
        raise SeatsHeld(field="capacity", held=held)


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
