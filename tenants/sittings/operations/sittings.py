"""Sittings: planned, filled and filed."""

import secrets
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import audit, conflicts, reasons, tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.conflicts import Stamps
from kernel.errors import Invalid, NotFound, Refusal
from shared.bank import operations as bank
from shared.bank import queries as bank_queries
from shared.identity.queries import accounts as account_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.policy.queries import packs as pack_queries

from ..methods import numbering as numbering_methods
from ..methods import seating
from ..models.live import SittingHead
from ..models.sittings import Candidacy, Duty, Room, Sitting
from ..queries import duties as duty_queries
from ..queries import sittings as sitting_queries
from ..states import CHIEF, PROCTOR, SITTING, DutyRole, EventKind, SittingState
from . import candidates as candidate_operations
from .candidates import ENDED_SITTINGS, require_ready
from .duties import locked_sitting, require_desk
from .events import RoomEvent, append_events, notify_authority


class RoomTaken(Refusal):
    """Another sitting needs the room at that time."""

    code = "room-taken"
    message = _("The room is taken at that time by sitting %(number)s.")


class NoProctor(Invalid):
    """The account does not hold the role in this institution."""

    code = "no-proctor"
    message = _("One of the people chosen is not a proctor of this institution, or the chief is no chief proctor.")


class TooFewProctors(Invalid):
    """The policy pack asks for more people on duty."""

    code = "too-few-proctors"
    message = _("A room needs %(needed)s people on duty, the chief proctor counted.")


class ProctorBusy(Refusal):
    """Somebody on duty watches over another sitting at that time."""

    code = "proctor-busy"
    message = _("%(name)s is on duty in sitting %(number)s at that time.")


class ChiefFixed(Refusal):
    """The minutes are signed, or the sitting has been cancelled."""

    code = "chief-fixed"
    message = _("The minutes are signed, or the sitting is cancelled: nobody takes over any more.")


class NoCandidates(Refusal):
    """A sitting without candidates cannot be filed."""

    code = "no-candidates"
    message = _("Add candidates before you file the sitting.")


def add_room(*, name: str, place: str, seats: int, by: Actor, at: datetime) -> Room:
    """Add a test room. Refuses (Invalid) a name that is taken and a room without seats."""
    require_desk(by)
    if seats < 1:
        raise Invalid(_("A room has at least one seat."), field="seats")
    with transaction.atomic():
        if Room.objects.filter(name=name).exists():
            raise Invalid(_("There is a room of this name already."), field="name")
        room = Room.objects.create(name=name, place=place, seats=seats)
        audit.note("room.add", room, by=by, at=at, after=audit.values(room, "name", "place", "seats"))
    return room


def withdraw_room(*, room_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take a room out of use; sittings already planned there stay."""
    require_desk(by)
    with transaction.atomic():
        room = locked_room(room_id)
        room.withdrawn_at = at
        room.save(update_fields=["withdrawn_at"])
        audit.note("room.withdraw", room, by=by, at=at)


def locked_room(room_id: uuid.UUID) -> Room:
    """Return a room in use. All rooms are locked: planning is rare, and its numbers must follow each other."""
    rooms = {room.pk: room for room in Room.objects.select_for_update().order_by("pk")}
    room = rooms.get(room_id)
    if room is None or room.withdrawn_at is not None:
        raise NotFound
    return room


def schedule_sitting(
    *,
    position: str,
    room_id: uuid.UUID,
    starts_at: datetime,
    chief_id: uuid.UUID,
    proctor_ids: Sequence[uuid.UUID],
    by: Actor,
    at: datetime,
) -> Sitting:
    """Plan a test of one position in one room (policy 1.2), as long as the policy in force then says.

    Refuses a time that has passed, a room or person that is taken then (RoomTaken, ProctorBusy), people without the
    role here (NoProctor) and too few of them (TooFewProctors).
    """
    registrar = require_desk(by)
    if starts_at <= at:
        raise Invalid(_("The sitting must begin in the future."), field="starts_at")
    pack = pack_queries.pack_at(starts_at)
    if position not in {p.key for p in pack.certifiable}:
        raise Invalid(_("There is no test for this position."), field="position")
    ends_at = starts_at + timedelta(minutes=pack.paper.minutes)
    duties = _duties(chief_id, proctor_ids, at=at)
    if len(duties) < pack.sitting.proctors_per_room:
        raise TooFewProctors(field="proctors", needed=pack.sitting.proctors_per_room)
    with transaction.atomic():
        room = locked_room(room_id)
        _check_free(room, duties, starts_at, ends_at)
        day = legal_day(starts_at)
        sitting = Sitting.objects.create(
            number=_number(day),
            position=position,
            room=room,
            starts_at=starts_at,
            ends_at=ends_at,
            policy=pack.version,
            seed=secrets.token_hex(16),
            scheduled_at=at,
            scheduled_by=registrar,
            state_since=at,
        )
        SittingHead.objects.create(sitting=sitting)
        for duty in duties:
            duty.sitting = sitting
        Duty.objects.bulk_create(duties)
        after = audit.values(sitting, "number", "position", "starts_at", "ends_at", "seed")
        after["duties"] = [f"{duty.role}: {duty.name}" for duty in duties]
        audit.note("sitting.schedule", sitting, by=by, at=at, after=after, policy=pack.version)
    return sitting


def _number(day: date) -> str:
    first = numbering_methods.sitting_number(day, 1)[:-2]
    return numbering_methods.sitting_number(day, Sitting.objects.filter(number__startswith=first).count() + 1)


def _duties(chief_id: uuid.UUID, proctor_ids: Iterable[uuid.UUID], *, at: datetime) -> list[Duty]:
    """Return the rows of those on duty, the chief first, each once."""
    institution_id = tenancy.institution_id()
    scope = str(institution_listing_queries.institution(institution_id).organisation_id)
    chiefs = {account.id: account for account in account_queries.holders(CHIEF, scope, at=at)}
    proctors = {account.id: account for account in account_queries.holders(PROCTOR, scope, at=at)} | chiefs
    others = [key for key in dict.fromkeys(proctor_ids) if key != chief_id]
    if chief_id not in chiefs or any(key not in proctors for key in others):
        raise NoProctor(field="chief")
    duties = [Duty(account_id=chief_id, name=chiefs[chief_id].name, role=DutyRole.CHIEF)]
    return duties + [Duty(account_id=key, name=proctors[key].name, role=DutyRole.PROCTOR) for key in others]


def _check_free(room: Room, duties: Sequence[Duty], starts_at: datetime, ends_at: datetime) -> None:
    same_time = Sitting.objects.exclude(state__in=ENDED_SITTINGS).filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if (taken := same_time.filter(room=room).first()) is not None:
        raise RoomTaken(field="room", number=taken.number)
    _check_busy([duty.account_id for duty in duties], starts_at, ends_at)


def _check_busy(
    accounts: Sequence[uuid.UUID],
    starts_at: datetime,
    ends_at: datetime,
    *,
    other_than: uuid.UUID | None = None,
) -> None:
    same_time = Sitting.objects.exclude(state__in=ENDED_SITTINGS).filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    same_time = same_time.exclude(pk=other_than) if other_than else same_time
    busy = (
        Duty.objects.filter(sitting__in=same_time, account_id__in=accounts, ended_at=None)
        .select_related("sitting")
        .first()
    )
    if busy is not None:
        raise ProctorBusy(field="chief", name=busy.name, number=busy.sitting.number)


def replace_chief(
    *, sitting_id: uuid.UUID, account_id: uuid.UUID, why: str, made_from: Stamps | None = None, by: Actor, at: datetime
) -> None:
    """Let another chief proctor take over a sitting whose minutes are not signed: the present one is ill or away.

    Only the desk. Refuses (ReasonRequired), (NoProctor) who is no chief proctor here, (ProctorBusy) who watches over
    another sitting then, (TeacherOnDuty) who taught a candidate, (ChiefFixed) once the minutes are signed, and
    (ChangedMeanwhile) where another has taken over since the page was made (`made_from`).
    """
    require_desk(by)
    words = reasons.require(why, field="reason", longest=200)
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        if sitting.state in (*ENDED_SITTINGS, SittingState.MINUTES_SIGNED):
            raise ChiefFixed
        stored = duty_queries.stored_chief(sitting_id)
        conflicts.changes(seen=made_from, stored=stored, entered={"chief": str(account_id)})
        (new,) = _duties(account_id, (), at=at)
        new.sitting = sitting
        old = sitting.duties.filter(role=DutyRole.CHIEF, ended_at=None).first()
        if old is not None and old.account_id == account_id:
            raise NoProctor(field="chief")
        _check_busy([account_id], sitting.starts_at, sitting.ends_at, other_than=sitting_id)
        candidate_operations.check_teacher(sitting, new)
        sitting.duties.filter(Q(role=DutyRole.CHIEF) | Q(account_id=account_id), ended_at=None).update(ended_at=at)
        new.save(force_insert=True)
        before, after = {"chief": old.name if old else ""}, {"chief": new.name}
        audit.note("sitting.replace-chief", sitting, by=by, at=at, before=before, after=after, why=words)
        data = {"name": new.name, "before": old.name if old else "", "why": words}
        append_events(sitting_id=sitting_id, events=[RoomEvent(EventKind.CHIEF_REPLACED, data=data)], at=at)


def file_sitting(*, sitting_id: uuid.UUID, made_from: Stamps | None = None, by: Actor, at: datetime) -> Sitting:
    """File a sitting with the authority: candidates fixed, seats drawn from the stored seed.

    Refuses (WrongState) one that was filed, with NoCandidates, with CandidatesNotReady where somebody is not ready any
    more, with BankTooSmall where the bank cannot make a paper for the position, and with ChangedMeanwhile where the
    candidates are not those that the page showed (`made_from`).
    """
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        SITTING.require(sitting, "file")  # the seats of one that was filed are kept
        rows = list(sitting.candidacies.select_for_update().order_by("pk"))
        conflicts.require_unchanged(seen=made_from, stored=sitting_queries.filed_values(sitting.pk))
        if not rows:
            raise NoCandidates
        require_ready(rows)
        report = bank_queries.feasibility(sitting.position, pack=pack_queries.pack(sitting.policy))
        if not report.possible:
            raise bank.BankTooSmall(missing=report.missing)
        seat_of = seating.seats_for(sitting.seed, [row.ticket_no for row in rows], sitting.room.seats)
        for row in rows:
            row.seat = seat_of[row.ticket_no]
        Candidacy.objects.bulk_update(rows, ["seat"])
        SITTING.move(sitting, "file", by=by, at=at, policy=sitting.policy, filed_at=at)
        notify_authority(sitting, at=at)
    return sitting
