"""Test rooms."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import access
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once

from .. import rules
from ..forms import EditRoomForm, RoomForm
from ..operations import rooms as room_operations
from ..operations import sittings
from ..queries import rooms as room_queries
from ..queries import sittings as sitting_queries
from ..tables import RoomTable


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def rooms(request: Request) -> HttpResponse:
    """List the test rooms; POST adds one."""
    form = RoomForm(request.POST or None)
    if submit(form, lambda: sittings.add_room(**form.cleaned_data, by=request.actor, at=request.now)):
        messages.success(request, _("The room is there for sittings."))
        return redirect("sittings:rooms")
    context = {"form": form, "table": RoomTable(sitting_queries.rooms())}
    return page(request, "sittings/rooms.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def editing(request: Request, room_id: uuid.UUID) -> HttpResponse:
    """Change a room."""
    room, fixed = room_queries.room_to_edit(room_id)
    stored = room_queries.stored_of_room(room)
    form = EditRoomForm(request.POST or None, stored=stored, initial=stored)
    form.fix(fixed)
    if submit(
        form, lambda: room_operations.edit_room(room_id=room_id, **form.cleaned_data, by=request.actor, at=request.now)
    ):
        messages.success(request, _("Saved."))
        return redirect("sittings:rooms")
    return page(request, "sittings/room_edit.html", {"form": form, "room": room}, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_POST
@once
def withdrawal(request: Request, room_id: uuid.UUID) -> HttpResponse:
    """Take a room out of use."""
    sittings.withdraw_room(room_id=room_id, by=request.actor, at=request.now)
    messages.success(request, _("The room is out of use. Sittings planned there stay."))
    return redirect("sittings:rooms")
