"""Pages on which programmes, lessons and classes are put right."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import access
from kernel.errors import Invalid
from kernel.web.forms import SharedForm, submit
from kernel.web.http import Request, page

from .. import methods, rules
from ..forms import EditClassForm, EditLessonForm, EditProgrammeForm, PlaceForm
from ..operations import editing, lesson_order
from ..queries import catalogue
from ..queries import editing as editing_queries
from ..states import ClassState
from .videos import store_video


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: Request, programme_id: uuid.UUID) -> HttpResponse:
    """Change a programme."""
    row = catalogue.programme(programme_id)
    stored = editing_queries.stored_of_programme(row)
    form = EditProgrammeForm(request.POST or None, stored=stored, initial=stored)
    form.fix(editing_queries.fixed_of_programme(row))
    there = reverse("courses:programme", args=[row.pk])
    return _edit(
        request,
        form,
        lambda: editing.edit_programme(
            programme_id=programme_id, **form.cleaned_data, by=request.actor, at=request.now
        ),
        heading=row.title,
        there=there,
    )


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: Request, lesson_id: uuid.UUID) -> HttpResponse:
    """Change a lesson."""
    row = editing_queries.lesson(lesson_id)
    stored = editing_queries.stored_of_lesson(row)
    initial = {name: value for name, value in stored.items() if name != "video"}
    form = EditLessonForm(request.POST or None, request.FILES or None, stored=stored, initial=initial)
    form.fix(editing_queries.fixed_of_lesson(row))

    def edit() -> object:
        data = dict(form.cleaned_data)
        media = store_video(request, data.pop("video"))
        return editing.edit_lesson(lesson_id=lesson_id, media=media, **data, by=request.actor, at=request.now)

    there = reverse("courses:programme", args=[row.programme_id])
    return _edit(request, form, edit, heading=row.title, there=there, files=True)


@access.requires(rules.desk)
@require_POST
def lesson_place(request: Request, lesson_id: uuid.UUID) -> HttpResponse:
    """Put a lesson at another place of its programme."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise Invalid
    row = lesson_order.place_lesson(lesson_id=lesson_id, **form.cleaned_data, by=request.actor, at=request.now)
    messages.success(request, _("“%(title)s” is now number %(place)s.") % {"title": row.title, "place": row.place})
    there = reverse("courses:programme", args=[row.programme_id])
    return redirect(f"{there}?moved={row.place}#lesson-{row.pk}")


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def training_class(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Change a class."""
    row = catalogue.class_for(class_id, by=request.actor)
    teachers = catalogue.teachers(str(request.institution.organisation_id))
    stored = editing_queries.stored_of_class(row)
    initial = stored | {"programme": str(row.programme_id)}
    form = EditClassForm(
        request.POST or None, stored=stored, initial=initial, programmes=[row.programme], teachers=teachers
    )
    form.fix({"programme", *methods.fixed_of_class(row.state, row.seats_taken)})

    def edit() -> object:
        data = form.values()
        del data["programme_id"]
        return editing.edit_class(class_id=class_id, **data, by=request.actor, at=request.now)

    there = reverse("courses:class", args=[row.pk])
    closed = row.state == ClassState.CLOSED
    return _edit(request, form, edit, heading=row.name, there=there, closed=closed)


def _edit(
    request: Request,
    form: SharedForm,
    operation: Callable[[], object],
    *,
    heading: str,
    there: str,
    files: bool = False,
    closed: bool = False,
) -> HttpResponse:
    if submit(form, operation):
        messages.success(request, _("Saved."))
        return redirect(there)
    context = {"form": form, "title": heading, "there": there, "files": files, "closed": closed}
    return page(request, "courses/edit.html", context, status=422 if form.is_bound else 200)
