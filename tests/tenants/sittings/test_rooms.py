"""A room is put right until tickets and records name it."""

from typing import Any

import pytest

from kernel.access import Denied
from kernel.errors import Invalid
from support.sittings import World
from tenants.sittings.models.sittings import Room
from tenants.sittings.operations import candidates, rooms, sittings


def _edit(world: World, room: Room, **changed: Any) -> Room:
    values = {"name": room.name, "place": room.place, "seats": room.seats} | changed
    by = values.pop("by", world.registrar)
    return rooms.edit_room(room_id=room.pk, **values, by=by, at=world.at)


def test_a_room_changes_before_a_sitting_is_filed_in_it(world: World) -> None:
    room = Room.objects.get()
    edited = _edit(world, room, name="机房乙", place="三号楼", seats=room.seats + 5)
    assert (edited.name, edited.place, edited.seats) == ("机房乙", "三号楼", room.seats + 5)


def test_a_room_has_the_seats_that_a_planned_sitting_needs(world: World) -> None:
    room = Room.objects.get()
    sitting = world.schedule()
    keys = [row.pk for row in world.enrolments]
    candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=keys, by=world.registrar, at=world.at)
    with pytest.raises(rooms.SeatsNeeded):
        _edit(world, room, seats=2)
    assert _edit(world, room, seats=3).seats == 3


@pytest.mark.parametrize("changed", [{"name": "别名"}, {"place": "别处"}, {"seats": 99}])
def test_a_filed_sitting_keeps_its_room_as_it_is(world: World, changed: Any) -> None:
    room = Room.objects.get()
    world.filed(world.enrolments)
    with pytest.raises(rooms.RoomInUse):
        _edit(world, room, **changed)
    room.refresh_from_db()
    assert all(getattr(room, field) != value for field, value in changed.items())


def test_two_rooms_have_two_names_and_at_least_a_seat(world: World) -> None:
    room = Room.objects.get()
    sittings.add_room(name="另一间", place="x", seats=3, by=world.registrar, at=world.at)
    for changed in ({"name": "另一间"}, {"seats": 0}):
        with pytest.raises(Invalid):
            _edit(world, room, **changed)


def test_who_does_not_work_at_the_desk_changes_no_room(world: World) -> None:
    with pytest.raises(Denied):
        _edit(world, Room.objects.get(), name="x", by=world.chief)


def test_of_two_clerks_on_one_page_of_a_room_neither_overwrites_the_other(world: World, acting: Any) -> None:
    room = Room.objects.get()
    path, client = f"/staff/rooms/{room.pk}/editing/", acting(world.registrar)
    form = client.get(path).context["form"]
    page = {name: form[name].value() for name in form.fields}
    assert client.post(path, page | {"place": "乙楼"}).status_code == 302
    answer = client.post(path, page | {"place": "甲楼"})
    assert (answer.status_code, Room.objects.get().place) == (422, "乙楼")
    shown = answer.context["form"]
    assert ("乙楼" in str(shown.errors["place"]), shown["place"].value()) == (True, "甲楼")
    assert client.post(path, page | {"seats": "41"}).status_code == 302
    room.refresh_from_db()
    assert (room.place, room.seats) == ("乙楼", 41)
