"""Incidents with personal data: reported by anybody on duty, classified, told, contained, closed by a second person."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts, reasons, tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.conflicts import Stamps
from kernel.errors import Invalid, NotFound, Refusal
from kernel.later import Priority
from kernel.roles import Role
from shared.identity.queries import accounts as account_queries
from shared.notices import operations as notices

from .. import methods, rules
from ..models.breaches import Breach, BreachEntry
from ..queries import desks
from ..queries import register as privacy_register
from ..states import BREACH, EntryKind, Severity

MAX_RECIPIENTS = 500


class SecondPersonRequired(Refusal):
    """Whoever classified an incident does not close it."""

    code = "second-person"
    message = _("A second person closes an incident: you classified it yourself.")


class NotificationMissing(Refusal):
    """An incident that may harm people is not closed before the authority and the people were told."""

    code = "notification-missing"
    message = _("Enter first when the authority and the people concerned were notified; this incident may harm people.")


def report_breach(
    *, title: str, words: str, noticed_at: datetime, happened_at: datetime | None, by: Actor, at: datetime
) -> str:
    """Report that personal data may have leaked, been lost or changed; return its number. The clocks start.

    Whoever looks after incidents is told at once. Refuses (Invalid) an empty report and one from the future.
    """
    access.demand(by, rules.reports)
    message = _("Say what happened, in a few words and then at length.")
    title = reasons.require(title, field="title", message=message, longest=120)
    words = reasons.require(words, field="words", message=message, longest=4000)
    if noticed_at > at or (happened_at is not None and happened_at > noticed_at):
        raise Invalid(_("It cannot have been noticed in the future, nor before it happened."), field="noticed_at")
    with transaction.atomic():
        row = Breach(
            number=methods.new_number(legal_day(at)),
            institution_id=tenancy.current_institution_id(),
            title=title,
            words=words,
            happened_at=happened_at,
            noticed_at=noticed_at,
            reported_at=at,
            reported_by=by.account_id,
            reported_name=by.name[:80],
            authority_due_at=noticed_at + timedelta(hours=privacy_register.setting("authority_hours")),
            people_due_at=noticed_at + timedelta(hours=privacy_register.setting("people_hours")),
            state=BREACH.initial,
            state_since=at,
        )
        row.save(force_insert=True)
        audit.note("data-breach.report", row, by=by, at=at, after=audit.values(row, "number", "title", "noticed_at"))
        context = {"number": row.number, "title": row.title, "url": f"/operator/incidents/{row.pk}/"}
        for role, scope in ((Role.PLATFORM_OPERATOR, ""), (Role.PROVINCE_OFFICER, desks.province())):
            for account in account_queries.holders(role, scope):
                notices.send(to=account, template="privacy.breach", context=context, at=at, key=f"breach:{row.pk}")
    return row.number


def classify_breach(
    *,
    breach_id: uuid.UUID,
    severity: str,
    kinds: str,
    people: int | None,
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Say how grave an incident is, which data and how many people; refuses (Invalid) an unknown severity, and
    (ChangedMeanwhile) where somebody else said something else since the page was made.
    """
    if severity not in Severity.values:
        raise Invalid(field="severity")
    with transaction.atomic():
        row = _lock_breach(breach_id, by)
        entered: dict[str, Any] = {"severity": severity, "kinds": kinds.strip()[:300], "people": people}
        conflicts.changes(seen=made_from, stored=desks.stored_of_breach(row), entered=entered)
        BREACH.move(row, "classify", by=by, at=at, **entered, handled_by=by.account_id)


def dismiss_breach(*, breach_id: uuid.UUID, why: str, made_from: Stamps | None = None, by: Actor, at: datetime) -> None:
    """Find that no personal data are concerned, with the reason; refuses (ChangedMeanwhile) an incident that is no
    longer as the page showed it.
    """
    with transaction.atomic():
        row = _lock_breach(breach_id, by)
        conflicts.require_unchanged(seen=made_from, stored=desks.stored_of_breach(row))
        BREACH.move(row, "dismiss", by=by, at=at, why=_required_text(why))


def note_breach(
    *, breach_id: uuid.UUID, kind: str, words: str, recipients: str, happened_at: datetime, by: Actor, at: datetime
) -> None:
    """Write a line of the timeline: who was told what and when, what was found, what was done.

    Refuses (Invalid) a line from the future or without words, and an incident that is closed (WrongState by the chart).
    """
    if kind not in EntryKind.values:
        raise Invalid(field="kind")
    if happened_at > at:
        raise Invalid(_("This lies in the future."), field="happened_at")
    with transaction.atomic():
        row = _lock_breach(breach_id, by)
        if row.state in BREACH.final():
            raise Invalid(_("The incident is closed."))
        _add_entry(row, kind, _required_text(words), recipients, happened_at, by, at)


def tell_people(*, breach_id: uuid.UUID, account_ids: Sequence[uuid.UUID], words: str, by: Actor, at: datetime) -> int:
    """Tell accounts of an incident by the template, with what they can do; written on the timeline; return how many."""
    with transaction.atomic():
        row = _lock_breach(breach_id, by)
        if row.state in BREACH.final():
            raise Invalid(_("The incident is closed."))
        context = {"number": row.number, "words": _required_text(words), "url": "/account/privacy/"}
        key, count = f"told:{row.pk}", 0
        for account_id in list(dict.fromkeys(account_ids))[:MAX_RECIPIENTS]:
            account = account_queries.account(account_id)
            notices.send(
                to=account, template="privacy.breach_people", context=context, at=at, key=key, priority=Priority.BULK
            )
            count += 1
        _add_entry(row, EntryKind.PEOPLE, words, str(count), at, by, at)
    return count


def contain_breach(
    *, breach_id: uuid.UUID, measures: str, made_from: Stamps | None = None, by: Actor, at: datetime
) -> None:
    """Say that it is contained and by what measures; refuses (ChangedMeanwhile) where somebody else said others."""
    with transaction.atomic():
        row, measures = _lock_breach(breach_id, by), _required_text(measures)
        conflicts.changes(seen=made_from, stored=desks.stored_of_breach(row), entered={"measures": measures})
        BREACH.move(row, "contain", by=by, at=at, measures=measures)


def close_breach(*, breach_id: uuid.UUID, why: str, made_from: Stamps | None = None, by: Actor, at: datetime) -> None:
    """Close an incident as a second person.

    Refuses (SecondPersonRequired) who classified it, (NotificationMissing) a grave one of which the authority or the
    people were not told, and (ChangedMeanwhile) one whose page or timeline is no longer what was read.
    """
    with transaction.atomic():
        row = _lock_breach(breach_id, by)
        conflicts.require_unchanged(seen=made_from, stored=desks.stored_of_breach(row))
        if not rules.may_close_breach(by, row.handled_by):
            raise SecondPersonRequired
        kinds = set(row.entries.values_list("kind", flat=True))
        if row.severity != Severity.LOW and not {EntryKind.AUTHORITY, EntryKind.PEOPLE} <= kinds:
            raise NotificationMissing
        BREACH.move(row, "close", by=by, at=at, why=_required_text(why), closed_by=by.account_id)


def _add_entry(
    row: Breach, kind: str, words: str, recipients: str, happened_at: datetime, by: Actor, at: datetime
) -> None:
    BreachEntry.objects.create(
        breach=row,
        kind=kind,
        words=words,
        recipients=recipients.strip()[:200],
        happened_at=happened_at,
        entered_at=at,
        entered_by=by.account_id,
        entered_name=by.name[:80],
    )
    audit.note("data-breach.note", row, by=by, at=at, after={"kind": kind, "recipients": recipients}, why=words)


def _required_text(words: str) -> str:
    message = _("Say it in words; it is kept with the incident.")
    return reasons.require(words, field="words", message=message, longest=4000)


def _lock_breach(breach_id: uuid.UUID, by: Actor) -> Breach:
    """Return the locked incident, if the actor looks after incidents."""
    access.demand(by, rules.handler)
    row = Breach.objects.select_for_update().filter(pk=breach_id).first()
    if row is None:
        raise NotFound
    return row


def step_breach(*, breach_id: uuid.UUID, step: str, data: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Take one step of an incident's page: classify, note, tell, contain, close or dismiss, with what was entered.

    Refuses as the step itself does, and (NotFound) a step that is none.
    """
    common: dict[str, Any] = {"breach_id": breach_id, "by": by, "at": at}
    match step:
        case "classify":
            classify_breach(**common, **data)
        case "note":
            note_breach(**common, **data)
        case "tell":
            accounts = [
                account_queries.account_by_identifier(line) for line in data["accounts"].splitlines() if line.strip()
            ]
            account_ids = [account.id for account in accounts if account is not None]
            if not account_ids:
                raise Invalid(_("No account is found by these."), field="accounts")
            tell_people(**common, account_ids=account_ids, words=data["words"])
        case "contain":
            contain_breach(**common, measures=data["why"], made_from=data.get("made_from"))
        case "close":
            close_breach(**common, why=data["why"], made_from=data.get("made_from"))
        case "dismiss":
            dismiss_breach(**common, why=data["why"], made_from=data.get("made_from"))
        case _:
            raise NotFound
