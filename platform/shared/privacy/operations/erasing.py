"""Deletion jobs, one a kind: what has had its time is overwritten, in chunks, each with its log row."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons, tenancy
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import NotFound
from kernel.later import for_each_institution, later
from shared.identity.operations import closing as identity_closing
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import erasable
from shared.identity.queries import people as people_queries
from shared.notices import operations as notices
from shared.notices import queries as notice_queries
from shared.records import operations as records

from .. import methods, rules
from ..models.deletions import Deletion, Hold
from ..models.rights import Closing, Correction
from ..queries import consents as privacy_consents
from ..queries import register as privacy_register
from ..states import Cause, ClosingState, CorrectionState

Due = Sequence[tuple[uuid.UUID, datetime]]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What one chunk erased."""

    rows: int
    files: int = 0


@dataclass(frozen=True, slots=True)
class DeletionJob:
    """A deleting job of one kind of data.

    `due(before, held, limit)` names keys and moments, oldest first, of what ended before a moment and is not under a
    hold of the persons `held`; `erase(ids, at)` overwrites them. Erased rows are due no more: so it may run again.
    """

    kind: str
    title: str | Promise
    term: str
    due: Callable[[datetime, frozenset[uuid.UUID], int], Due]
    erase: Callable[[Sequence[uuid.UUID], datetime], Erasure]
    tenants: bool = False


jobs: dict[str, DeletionJob] = {}
WithdrawalHandler = Callable[[uuid.UUID, str, datetime], Erasure]
withdrawal_handlers: dict[str, list[WithdrawalHandler]] = {}


def register_deletion_job(job: DeletionJob) -> DeletionJob:
    """Register a deleting job. Upper apps call this where their operations are defined."""
    jobs[job.kind] = job
    return job


def depends_on_consent(kind: str) -> Callable[[WithdrawalHandler], WithdrawalHandler]:
    """Let an institution's app erase what rested on a consent that was taken back (as a decorator).

    The function gets the person, the recipient and the time, and runs in each institution's schema.
    """

    def register(function: WithdrawalHandler) -> WithdrawalHandler:
        withdrawal_handlers.setdefault(kind, []).append(function)
        return function

    return register


def persons_on_hold() -> frozenset[uuid.UUID]:
    """Return the persons of whom nothing is erased now."""
    return frozenset(Hold.objects.filter(lifted_at=None).values_list("person_id", flat=True))


def erase_kind(*, kind: str, at: datetime) -> int:
    """Erase one chunk of a kind in the open schema and log it; asks for the next chunk while there is more.

    Returns how many rows. Run twice or after a crash it finds only what is still there.
    """
    job, chunk = jobs[kind], privacy_register.setting("chunk")
    limit = privacy_register.limit(job.term, at)
    before = methods.before(at, years=limit.years, days=limit.days)
    with transaction.atomic():
        due = job.due(before, persons_on_hold(), chunk)
        if not due:
            return 0
        erasure = job.erase([pk for pk, _moment in due], at)
        if erasure.rows:
            _log(kind, Cause.RETENTION, due, erasure, before=before, source=limit.source, at=at)
        if len(due) == chunk and erasure.rows:
            later("privacy.erase_kind", kind=kind)
    return erasure.rows


def _log(kind: str, cause: str, due: Due, erasure: Erasure, *, before: datetime, source: str, at: datetime) -> None:
    moments = [moment for _pk, moment in due]
    row = Deletion(
        kind=kind,
        institution_id=tenancy.current_institution_id(),
        cause=cause,
        before=before,
        first_at=min(moments),
        last_at=max(moments),
        count=erasure.rows,
        files=erasure.files,
        digest=methods.digest_of(pk for pk, _moment in due),
        policy=source,
        ran_at=at,
    )
    row.save(force_insert=True)


@dataclass(frozen=True, slots=True)
class JobPreview:
    """What a job would erase now in the shared schema; an institution's are counted there, not here."""

    kind: str
    title: str
    label: str
    source: str
    from_policy: bool
    before: datetime
    due: int
    more: bool
    tenants: bool


def preview(*, at: datetime) -> list[JobPreview]:
    """Return every deleting job with its term and, for the shared schema, how much is due now. Erases nothing."""
    on_hold, chunk = persons_on_hold(), privacy_register.setting("chunk")
    previews = []
    for job in jobs.values():
        limit = privacy_register.limit(job.term, at)
        before = methods.before(at, years=limit.years, days=limit.days)
        due = 0 if job.tenants else len(job.due(before, on_hold, chunk))
        label = privacy_register.limit_label(limit)
        previews.append(
            JobPreview(
                kind=job.kind,
                title=str(job.title),
                label=label,
                source=limit.source,
                from_policy=limit.from_policy,
                before=before,
                due=due,
                more=due == chunk,
                tenants=job.tenants,
            )
        )
    return previews


def start_deletion_jobs() -> int:
    """Ask for a run of every deleting job, in every schema it concerns; return how many tasks."""
    count = 0
    for job in jobs.values():
        if job.tenants:
            count += for_each_institution("privacy.erase_kind", kind=job.kind)
        else:
            with transaction.atomic():
                later("privacy.erase_kind", kind=job.kind)
            count += 1
    return count


def withdraw(*, consent_id: uuid.UUID, by: Actor, at: datetime, channel: str = "online") -> None:
    """Take a separate consent back, at once; what rested on it is erased by one task an institution.

    Refuses as identity's `withdraw_consent` does.
    """
    with transaction.atomic():
        _account, person_id, kind, recipient = identity_consents.withdraw_consent(
            consent_id=consent_id, by=by, at=at, channel=channel
        )
        if person_id is not None and kind in withdrawal_handlers:
            for_each_institution("privacy.erase_withdrawn", kind=kind, person_id=str(person_id), recipient=recipient)


def settle_at_counter(
    *, person_id: uuid.UUID, kind: str, recipient: str, consent: str, by: Actor, at: datetime
) -> None:
    """Enter what a person signed on paper at the counter: a consent of a `kind`, or that a `consent` is taken back.

    Refuses (NotFound) a person who does not learn here and a consent that is not this person's; and as
    identity's `give_consent` does.
    """
    access.demand(by, rules.counter)
    kinds = privacy_consents.kinds_at_counter(person_id, by, at)
    if not consent:
        identity_consents.give_consent(
            kind=kind, person_id=person_id, recipient=recipient, by=by, at=at, channel="counter"
        )
        return
    consent_id = next((c.id for kind_value in kinds for c in kind_value.live if str(c.id) == consent), None)
    if consent_id is None:
        raise NotFound
    withdraw(consent_id=consent_id, by=by, at=at, channel="counter")


def erase_withdrawn(*, kind: str, person_id: uuid.UUID, recipient: str, at: datetime) -> int:
    """Erase in the open schema what rested on a person's consent that was taken back, unless a hold keeps it."""
    if person_id in persons_on_hold():
        return 0
    rows = 0
    with transaction.atomic():
        for erase in withdrawal_handlers.get(kind, []):
            erasure = erase(person_id, recipient, at)
            if erasure.rows:
                _log(f"consent.{kind}", Cause.WITHDRAWAL, [(person_id, at)], erasure, before=at, source="", at=at)
                rows += erasure.rows
    return rows


def place_hold(*, person_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Let nothing of a person be erased while an objection, an appeal, an inspection or a suit needs it.

    Refuses (Denied) all but the operator and the provincial authority, and (ReasonRequired) a hold without a reason.
    """
    access.demand(by, rules.places_holds)
    why = reasons.require(why, message=_("Say what needs it."))
    people_queries.person(person_id)
    with transaction.atomic():
        row = Hold.objects.create(person_id=person_id, why=why[:300], placed_by=by.account_id, placed_at=at)
        audit.note("hold.place", row, by=by, at=at, after=audit.values(row, "person_id"), why=row.why)


def lift_hold(*, hold_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Lift a hold; refuses (Denied) as `place_hold` does and (NotFound) one that is lifted."""
    access.demand(by, rules.places_holds)
    with transaction.atomic():
        row = Hold.objects.select_for_update().filter(pk=hold_id, lifted_at=None).first()
        if row is None:
            raise NotFound
        row.lifted_at, row.lifted_by = max(at, row.placed_at), by.account_id
        row.save(update_fields=["lifted_at", "lifted_by"])
        audit.note("hold.lift", row, by=by, at=at, after=audit.values(row, "person_id"))


register_deletion_job(
    DeletionJob(
        "messages",
        _("Texts and addresses of SMS and e-mail"),
        "message",
        lambda before, _held, limit: notice_queries.sent_messages(before=before, limit=limit),
        lambda ids, _at: Erasure(notices.erase_messages(ids=ids)),
    )
)
register_deletion_job(
    DeletionJob(
        "recoveries",
        _("Who asked for help with an account"),
        "request",
        lambda before, _held, limit: erasable.settled_recoveries(before=before, limit=limit),
        lambda ids, _at: Erasure(identity_closing.erase_recoveries(ids=ids)),
    )
)
register_deletion_job(
    DeletionJob(
        "sign-ins",
        _("Log of sign-ins"),
        "log",
        lambda before, _held, limit: erasable.ended_sign_ins(before=before, limit=limit),
        lambda ids, _at: Erasure(identity_closing.erase_sign_ins(ids=ids)),
    )
)


def _corrections_due(before: datetime, on_hold: frozenset[uuid.UUID], limit: int) -> Due:
    rows = Correction.objects.filter(decided_at__lt=before).exclude(state=CorrectionState.ASKED)
    rows = rows.exclude(person_id__in=on_hold).exclude(words=identity_closing.ERASED_TEXT)
    return list(rows.order_by("decided_at").values_list("pk", "decided_at")[:limit])  # type: ignore[arg-type]  # decided


def _erase_corrections(ids: Sequence[uuid.UUID], at: datetime) -> Erasure:
    rows = Correction.objects.filter(pk__in=ids)
    files = sum(
        records.erase_file(file_id=f, by=SYSTEM, at=at, why="retention")
        for f in rows.exclude(evidence=None).values_list("evidence", flat=True)
        if f is not None
    )
    return Erasure(
        rows.update(
            wanted=identity_closing.ERASED_TEXT,
            words=identity_closing.ERASED_TEXT,
            reason=identity_closing.ERASED_TEXT,
            evidence=None,
        ),
        files,
    )


register_deletion_job(
    DeletionJob("corrections", _("Settled requests for correction"), "request", _corrections_due, _erase_corrections)
)


def _persons_due(before: datetime, on_hold: frozenset[uuid.UUID], limit: int) -> Due:
    """Closed accounts whose person was kept by law until a day that is over."""
    rows = Closing.objects.filter(state=ClosingState.CLOSED, retention_applies=True, keep_until__lt=legal_day(before))
    rows = rows.exclude(person_id=None).exclude(person_id__in=on_hold).order_by("keep_until")
    candidates = rows.values_list("person_id", "state_since")[:limit]
    return [(pk, moment) for pk, moment in candidates if pk is not None and not erasable.is_erased(pk)]


def _erase_persons(ids: Sequence[uuid.UUID], at: datetime) -> Erasure:
    return Erasure(
        sum(identity_closing.erase_person(person_id=pk, by=SYSTEM, at=at, why="the law's time is over") for pk in ids)
    )


register_deletion_job(DeletionJob("persons", _("People with closed accounts"), "account", _persons_due, _erase_persons))
