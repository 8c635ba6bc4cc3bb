"""Pages of classes, their participants, and attendance on site."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.clock import legal_day
from kernel.offers import DESK_ROLE, Subject, offered
from kernel.tables import opening_order, paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..forms import AttendanceForm, ClassForm
from ..models import TrainingClass
from ..operations import classes, hours
from ..queries import catalogue, learning
from ..queries import life as course_life
from ..states import CLASS
from ..tables import ClassTable, ParticipantTable


@access.requires(rules.teaching)
@require_safe
def class_list(request: Request) -> HttpResponse:
    """List the classes: all for the desk, their own for teachers."""
    rows = catalogue.classes_for(request.actor)
    table = ClassTable(rows, order_by=opening_order(request, "-starts_on"))
    paged(request, table)
    return page(request, "courses/classes.html", {"table": table, "desk": _desk(request)})


def _desk(request: Request) -> bool:
    """Say whether the actor works at this institution's desk, which sees every class."""
    return rules.desk(request.actor)


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_class(request: Request) -> HttpResponse:
    """Plan a class."""
    scope = str(request.institution.organisation_id)
    programmes = list(catalogue.programmes())
    initial = {"programme": request.GET.get("programme")}
    form = ClassForm(request.POST or None, initial=initial, programmes=programmes, teachers=catalogue.teachers(scope))
    if success := submit(form, lambda: classes.plan_class(**form.values(), by=request.actor, at=request.now)):
        messages.success(request, _("The class is planned. Publish its price, then open it for enrolment."))
        return redirect("courses:class", class_id=success.result.pk)
    context = {"form": form, "programmes": programmes}
    return page(request, "courses/class_new.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.teaching)
@require_safe
def training_class(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Show a class: its state, what can be done, who is in it."""
    row = catalogue.class_for(class_id, by=request.actor)
    table = ParticipantTable(learning.participants(row), training_class=row)
    offers = CLASS.offers(row, request.actor)
    context = {
        "training_class": row,
        "table": table,
        "desk": _desk(request),
        "offers": offers,
        "offered": offered("courses.class", _subject(row, frozenset(offers), desk=_desk(request))),
        "history": course_life.life(row),
    }
    return page(request, "courses/class.html", context)


def _subject(row: TrainingClass, moves: frozenset[str], *, desk: bool) -> Subject:
    return Subject(row.pk, row.state, moves, frozenset([DESK_ROLE]) if desk else frozenset())


@access.requires(rules.teaching)
@require_POST
@once
def start(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Stop enrolling and start teaching."""
    catalogue.class_for(class_id, by=request.actor)
    classes.start_class(class_id=class_id, by=request.actor, at=request.now)
    messages.success(request, _("The class has started."))
    return redirect("courses:class", class_id=class_id)


@access.requires(rules.desk)
@require_POST
@once
def closing(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Close a class."""
    classes.close_class(class_id=class_id, by=request.actor, at=request.now)
    messages.success(request, _("The class is closed."))
    return redirect("courses:class", class_id=class_id)


@access.requires(rules.teaching)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def attendance(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Enter who was taught on site."""
    row = catalogue.class_for(class_id, by=request.actor)
    seats = list(learning.participants(row))
    today = legal_day(request.now)
    limit = pack_queries.pack_at(today).learning.hours_per_day
    unit = row.programme.seconds_per_class_hour
    most = hours.most_of_day(unit, today) // unit
    initial = {"day": min(today, row.ends_on)}
    form = AttendanceForm(request.POST or None, seats=seats, most=most, from_policy=limit is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if success := submit(
            form,
            lambda: hours.attend(
                class_id=class_id,
                participant_ids=data.pop("people"),
                **data,
                by=request.actor,
                at=request.now,
            ),
        ):
            text = ngettext("Entered for %(n)s person.", "Entered for %(n)s people.", success.result.people)
            messages.success(request, text % {"n": success.result.people})
            return redirect("courses:class", class_id=class_id)
    context = {"training_class": row, "form": form}
    return page(request, "courses/attendance.html", context, status=422 if form.is_bound else 200)
