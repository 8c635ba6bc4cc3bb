"""Programmes and their lessons."""

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
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..forms import LessonForm, ProgrammeForm
from ..operations import programmes
from ..queries import catalogue, learning
from ..tables import ProgrammeTable
from .videos import store_video


@access.requires(rules.desk)
@require_safe
def programme_list(request: Request) -> HttpResponse:
    """List the programmes."""
    names = {position.key: position.label for position in pack_queries.positions(request.now, legacy=True)}
    table = paged(request, ProgrammeTable(catalogue.programmes(), positions=names))
    return page(request, "courses/programmes.html", {"table": table})


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_programme(request: Request) -> HttpResponse:
    """Open a programme."""
    form = ProgrammeForm(request.POST or None, positions=catalogue.positions_here(request.now))
    if success := submit(
        form, lambda: programmes.open_programme(**form.cleaned_data, by=request.actor, at=request.now)
    ):
        messages.success(request, _("The programme is open. Add its lessons."))
        return redirect("courses:programme", programme_id=success.result.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "hours": catalogue.hours_by_position(request.now)}
    return page(request, "courses/programme_new.html", context, status=status)


@access.requires(rules.desk)
@require_safe
def programme(request: Request, programme_id: uuid.UUID) -> HttpResponse:
    """Show a programme with its lessons."""
    return _programme(request, programme_id, LessonForm())


def _programme(request: Request, programme_id: uuid.UUID, form: LessonForm) -> HttpResponse:
    row = catalogue.programme(programme_id)
    status = 422 if form.is_bound else 200
    lessons = [learning.lesson_value(lesson, 0) for lesson in row.lessons.all()]
    name = pack_queries.position(row.position, row.opened_at).label
    moved = request.GET.get("moved", "")
    context = {"programme": row, "position": name, "lessons": lessons, "form": form, "moved": moved}
    return page(request, "courses/programme.html", context, status=status)


@access.requires(rules.desk)
@require_POST
@once
def lessons(request: Request, programme_id: uuid.UUID) -> HttpResponse:
    """Add a lesson."""
    form = LessonForm(request.POST, request.FILES)

    def add() -> None:
        data = dict(form.cleaned_data)
        seconds, media = data.pop("minutes") * 60, store_video(request, data.pop("video"))
        programmes.add_lesson(
            programme_id=programme_id, seconds=seconds, media=media, **data, by=request.actor, at=request.now
        )

    if submit(form, add):
        messages.success(request, _("The lesson has been added."))
        return redirect("courses:programme", programme_id=programme_id)
    return _programme(request, programme_id, form)
