"""Writes of the live room: commands, incidents, minutes, each in one transaction with its effect on the test."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts, reasons, tenancy
from kernel.access import Actor
from kernel.conflicts import Stamps
from kernel.errors import Invalid, NotFound, Refusal
from shared.filings import operations as filings
from shared.filings.states import Severity
from tenants.attempts.operations import conduct, interventions
from tenants.attempts.states import Document
from tenants.sittings.operations import duties, events
from tenants.sittings.operations.events import RoomEvent
from tenants.sittings.queries import sittings as sitting_queries
from tenants.sittings.states import DutyRole, EventKind, SittingState

from . import methods, queries
from .models import Command, Incident, Minutes
from .states import INCIDENT, IncidentKind, Verb

OPEN_FOR_INCIDENTS = (SittingState.CHECKIN_OPEN, SittingState.RUNNING, SittingState.CLOSED, SittingState.MINUTES_SIGNED)


class IncidentReportingClosed(Refusal):
    """The sitting has not opened, or its results are confirmed."""

    code = "incident-reporting-closed"
    message = _("Incidents are reported from check-in until the results are confirmed.")


def command(
    *,
    candidacy_id: uuid.UUID,
    verb: str,
    why: str = "",
    minutes: int = 0,
    document: str = Document.RESIDENT_ID,
    by: Actor,
    at: datetime,
    real: datetime,
    sitting_id: uuid.UUID | None = None,
) -> None:
    """Run a command for one candidate, and record it with its effect. `real` is real time, on which running tests are.

    Refuses (NotFound) a candidate of another sitting than the one given, (Invalid) an unknown verb, and what the
    command itself refuses: NotOnDuty, WrongState, ReasonRequired, TooLate, SeatElsewhere.
    """
    if verb not in Verb.values:
        raise Invalid(_("There is no such command."), field="verb")
    if sitting_id is not None and sitting_queries.candidacy(candidacy_id).sitting_id != sitting_id:
        raise NotFound
    handlers: dict[str, Callable[[], object]] = {
        Verb.CHECK_IN: lambda: conduct.check_in(candidacy_id=candidacy_id, document=document, by=by, at=at),
        Verb.UNDO: lambda: interventions.undo_check_in(candidacy_id=candidacy_id, why=why, by=by, at=at),
        Verb.HOLD: lambda: interventions.hold(candidacy_id=candidacy_id, why=why, by=by, at=real),
        Verb.RESUME: lambda: interventions.resume(candidacy_id=candidacy_id, why=why, by=by, at=real),
        Verb.TIME: lambda: interventions.grant_time(
            candidacy_id=candidacy_id, minutes=minutes, why=why, by=by, at=real
        ),
        Verb.END: lambda: interventions.end_attempt(candidacy_id=candidacy_id, why=why, by=by, at=real),
        Verb.ANNUL: lambda: interventions.annul(candidacy_id=candidacy_id, why=why, by=by, at=real),
    }
    account = access.account_of(by)
    with transaction.atomic():
        Command.objects.create(
            candidacy_id=candidacy_id,
            verb=verb,
            why=why[:200],
            issued_at=at,
            issued_by=account,
            issued_by_name=by.name,
        )
        handlers[verb]()


def _require_duty(sitting_id: uuid.UUID, by: Actor, *, chief: bool = False) -> uuid.UUID:
    duty = sitting_queries.duty_of(sitting_id, by)
    if by.account_id is None or not duty or (chief and duty != DutyRole.CHIEF):
        raise duties.NotOnDuty
    return by.account_id


def report_incident(
    *,
    sitting_id: uuid.UUID,
    candidacy_id: uuid.UUID | None,
    kind: str,
    impactful: bool,
    words: str,
    by: Actor,
    at: datetime,
) -> Incident:
    """Record an incident, notify the authority, and where it may affect results hold them until it is closed.

    Whoever is on duty. Refuses (IncidentReportingClosed) before check-in and after the results are confirmed.
    """
    if kind not in IncidentKind.values:
        raise Invalid(_("Choose what happened."), field="kind")
    words = reasons.require(words, field="words", message=_("Please say what happened."), longest=1000)
    account = _require_duty(sitting_id, by)
    if sitting_queries.sitting_value(sitting_id, by).state not in OPEN_FOR_INCIDENTS:
        raise IncidentReportingClosed
    if candidacy_id is not None and sitting_queries.candidacy(candidacy_id).sitting_id != sitting_id:
        raise NotFound
    with transaction.atomic():
        row = Incident.objects.create(
            sitting_id=sitting_id,
            candidacy_id=candidacy_id,
            kind=kind,
            impactful=impactful,
            words=words,
            reported_at=at,
            reported_by=account,
            reported_by_name=by.name,
            state_since=at,
        )
        audit.note("incident.report", row, by=by, at=at, after=audit.values(row, "kind", "impactful", "words"))
        if impactful:
            conduct.note_impediment(sitting_id=sitting_id, incident_id=row.pk, at=at)
        _notify_authority(row, at=at)
        event = RoomEvent(EventKind.INCIDENT, candidacy_id, {"incident": str(row.pk), "kind": kind})
        events.append_events(sitting_id=sitting_id, events=[event], at=at)
    return row


def _notify_authority(row: Incident, *, at: datetime) -> None:
    institution_id = tenancy.institution_id()
    filings.record_incident(
        institution_id=institution_id,
        incident_id=row.pk,
        sitting_id=row.sitting_id,
        kind=row.kind,
        severity=Severity.SERIOUS if row.impactful else Severity.MINOR,
        words=f"{row.words}\n{row.outcome}".strip(),
        happened_at=row.reported_at,
        at=at,
    )


def close_incident(*, incident_id: uuid.UUID, outcome: str, by: Actor, at: datetime) -> None:
    """Close an incident with what came of it; the results are free of it then. Only the chief of the sitting."""
    outcome = reasons.require(outcome, field="outcome", message=_("Please say what came of it."), longest=1000)
    with transaction.atomic():
        row = Incident.objects.filter(pk=incident_id).first()
        if row is None:
            raise NotFound
        _require_duty(row.sitting_id, by, chief=True)
        INCIDENT.move(row, "close", by=by, at=at, outcome=outcome)
        conduct.lift_impediment(incident_id=row.pk, at=at)
        _notify_authority(row, at=at)
        event = RoomEvent(EventKind.INCIDENT_RESOLVED, row.candidacy_id, {"incident": str(row.pk)})
        events.append_events(sitting_id=row.sitting_id, events=[event], at=at)


def sign_minutes(
    *, sitting_id: uuid.UUID, text: str, made_from: Stamps | None = None, by: Actor, at: datetime
) -> Minutes:
    """Sign the minutes of an ended test: its facts and the chief's own words, kept under one digest. Only the chief.

    Refuses (WrongState) before the test has ended and once they are signed, and (ChangedMeanwhile) facts other than
    those that the page showed, by `made_from`.
    """
    account = _require_duty(sitting_id, by, chief=True)
    with transaction.atomic():
        conduct.sign_minutes(sitting_id=sitting_id, by=by, at=at)
        facts = queries.facts(sitting_queries.sitting_value(sitting_id, by))
        conflicts.require_unchanged(seen=made_from, stored=facts)
        row = Minutes.objects.create(
            sitting_id=sitting_id,
            text=text.strip(),
            facts=facts,
            signed_at=at,
            signed_by=account,
            signed_by_name=by.name,
            digest=methods.minutes_digest(text.strip(), facts),
        )
        audit.note("minutes.sign", row, by=by, at=at, after=audit.values(row, "digest"))
    return row
