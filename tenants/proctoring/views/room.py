"""The console, its state in JSON, and its commands."""

import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import access, clock
from kernel.errors import Invalid
from kernel.web.bodies import raw, read_json
from kernel.web.http import Request, page
from kernel.web.openapi import described
from kernel.web.repeats import once
from tenants.attempts.states import Document
from tenants.sittings.operations import duties
from tenants.sittings.queries import sittings as sitting_queries

from .. import operations, queries, rules
from . import bodies


@access.requires(rules.watch)
@require_safe
def room(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Show the room to those on duty in it."""
    sitting = sitting_queries.sitting_value(sitting_id, request.actor)
    duty = sitting_queries.duty_of(sitting_id, request.actor)
    if not duty:
        raise duties.NotOnDuty
    return page(request, "proctoring/room.html", {"sitting": sitting, "duty": duty})


@described("room", method="get", responses=bodies.RoomSerializer)
@access.requires(rules.watch)
@never_cache
@require_safe
def room_json(request: Request, sitting_id: uuid.UUID) -> JsonResponse:
    """Return the room as it stands, for a console whose socket is closed."""
    snapshot = queries.snapshot(sitting_id, request.actor, at=clock.real_now())
    if snapshot is None:
        raise duties.NotOnDuty
    return JsonResponse(snapshot, json_dumps_params={"ensure_ascii": False})


@described("room_command", request=bodies.CommandSerializer, responses=bodies.CommandResultSerializer)
@access.requires(rules.watch)
@require_POST
@once
def commands(request: Request, sitting_id: uuid.UUID) -> JsonResponse:
    """Run a command for one seat of the room."""
    body = _body(request)
    try:
        candidacy_id = uuid.UUID(str(body.get("candidacy")))
    except ValueError:
        raise Invalid(_("Name the candidate of the command."), field="candidacy") from None
    return _command(request, candidacy_id, str(body.get("verb", "")), body, sitting_id=sitting_id)


@described("candidacy_command", request=bodies.CandidacyCommandSerializer, responses=bodies.CommandResultSerializer)
@access.requires(rules.watch)
@require_POST
@once
def candidacy_command(request: Request, candidacy_id: str, verb: str) -> JsonResponse:
    """Run a command at its own address, with "reason" where one is needed."""
    return _command(request, uuid.UUID(candidacy_id), verb, _body(request))


def _body(request: Request) -> dict[str, Any]:
    """Return what was sent, as JSON or as a form."""
    if request.content_type != "application/json":
        return {name: str(value) for name, value in request.POST.items()}
    try:
        body = read_json(raw(request) or b"{}")
    except ValueError:
        raise Invalid(_("The request could not be read.")) from None
    if not isinstance(body, dict):
        raise Invalid(_("The request could not be read."))
    return body


def _command(
    request: Request, candidacy_id: uuid.UUID, verb: str, body: dict[str, Any], *, sitting_id: uuid.UUID | None = None
) -> JsonResponse:
    try:
        minutes = int(body.get("minutes") or 0)
    except (TypeError, ValueError):
        raise Invalid(_("Enter whole minutes."), field="minutes") from None
    operations.command(
        candidacy_id=candidacy_id,
        verb=verb,
        why=str(body.get("why") or body.get("reason") or ""),
        minutes=minutes,
        document=str(body.get("document") or Document.RESIDENT_ID),
        by=request.actor,
        at=request.now,
        real=clock.real_now(),
        sitting_id=sitting_id,
    )
    return JsonResponse({"done": verb, "candidacy": str(candidacy_id)})
