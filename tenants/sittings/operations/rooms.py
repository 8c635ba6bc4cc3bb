"""Rooms put right."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from kernel import audit, conflicts
from kernel.access import Actor
from kernel.conflicts import Stamps
from kernel.errors import Invalid, Refusal

from ..models.sittings import Room
from ..queries import rooms as room_queries
from ..states import SittingState
from .duties import require_desk
from .sittings import locked_room


class RoomInUse(Refusal):
    """A filed sitting, its tickets and its records name the room as it is."""

    code = "room-in-use"
    message = _("A sitting in this room has been filed: its tickets and records name the room as it is.")


class SeatsNeeded(Invalid):
    """A sitting that is being prepared needs more seats."""

    code = "seats-needed"
    message = _("A sitting that is planned here has %(candidates)s candidates.")


def edit_room(
    *,
    room_id: uuid.UUID,
    name: str,
    place: str,
    seats: int,
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> Room:
    """Change a room: its seats while no filed sitting is to come or under way, name and place before any was filed.

    Refuses (RoomInUse) the rest, (Invalid) a name that is taken, (SeatsNeeded) fewer seats than are planned with, and
    (ChangedMeanwhile) what somebody else changed since the page was made, whose stamps `made_from` are.
    """
    require_desk(by)
    if seats < 1:
        raise Invalid(_("A room has at least one seat."), field="seats")
    with transaction.atomic():
        room = locked_room(room_id)
        stored, entered = room_queries.stored_of_room(room), {"name": name, "place": place, "seats": seats}
        changed = conflicts.changes(seen=made_from, stored=stored, entered=entered)
        if fixed := sorted(changed.keys() & room_queries.fixed_of_room(room)):
            raise RoomInUse(field=fixed[0])
        if "name" in changed and Room.objects.filter(name=name).exists():
            raise Invalid(_("There is a room of this name already."), field="name")
        _refuse_too_few(room, changed.get("seats", room.seats))
        before = audit.values(room, *changed)
        for field, value in changed.items():
            setattr(room, field, value)
        if changed:
            room.save(update_fields=list(changed))
            audit.note("room.edit", room, by=by, at=at, before=before, after=audit.values(room, *changed))
    return room


def _refuse_too_few(room: Room, seats: int) -> None:
    drafts = room.sittings.filter(state=SittingState.DRAFT).annotate(n=Count("candidacies"))
    most = max(drafts.values_list("n", flat=True), default=0)
    if seats < most:
        raise SeatsNeeded(field="seats", candidates=most)
