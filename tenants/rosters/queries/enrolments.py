"""Enrolments, for their persons, for staff, and for the apps above."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, QuerySet, UUIDField
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from kernel.pinyin import PinyinKey
from kernel.tables import opening
from shared.policy.queries import packs as pack_queries
from tenants.courses.queries import catalogue
from tenants.courses.queries import hours as hour_queries

from ..models import Enrolment
from ..states import ENROLMENT, SEATED, VOID, EnrolmentState

Words = str | Promise


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """One reason why somebody is not eligible, and where the rule stands."""

    code: str
    words: str
    source: str
    from_policy: bool


@dataclass(frozen=True, slots=True)
class EnrolmentValue:
    """An enrolment as other apps and pages see it."""

    id: uuid.UUID
    number: str
    class_id: uuid.UUID
    position: str
    person_id: uuid.UUID
    name: str
    masked_id: str
    channel: str
    applied_at: datetime
    state: str
    state_since: datetime
    policy: str
    reasons: tuple[RefusalReason, ...]

    badge = property(ENROLMENT.badge)
    is_refused = ENROLMENT.among(EnrolmentState.REFUSED)
    is_eligible = ENROLMENT.among(EnrolmentState.ELIGIBLE)
    is_enrolled = ENROLMENT.among(EnrolmentState.ENROLLED)
    is_confirmed = ENROLMENT.among(EnrolmentState.CONFIRMED)
    is_seated = ENROLMENT.among(*SEATED)
    may_be_admitted = ENROLMENT.allows("admit_by_decision")

    @property
    def state_label(self) -> str:
        """Return the state in words."""
        return str(EnrolmentState(self.state).label)

    @property
    def paid(self) -> bool:
        """Say whether it is paid."""
        return self.state in (EnrolmentState.CONFIRMED, EnrolmentState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether somebody may be put down for a test, and every reason why not."""

    ready: bool
    reasons: tuple[Words, ...]
    person_id: uuid.UUID
    name: str
    position: str


def _in_language(words: dict[str, str]) -> str:
    return words.get(get_language() or "zh-hans") or words.get("zh-hans") or next(iter(words.values()), "")


def _refusal_reasons(row: Enrolment) -> tuple[RefusalReason, ...]:
    return tuple(
        RefusalReason(r["code"], _in_language(r["words"]), _in_language(r["source"]), bool(r["from_policy"]))
        for r in row.reasons
    )


def value(row: Enrolment) -> EnrolmentValue:
    """Return a row's value."""
    return EnrolmentValue(
        id=row.pk,
        number=row.number,
        class_id=row.training_class_id,
        position=row.position,
        person_id=row.person_id,
        name=row.person_name,
        masked_id=row.person_masked,
        channel=str(row.get_channel_display()),
        applied_at=row.applied_at,
        state=row.state,
        state_since=row.state_since,
        policy=row.policy,
        reasons=_refusal_reasons(row),
    )


def row(enrolment_id: uuid.UUID, *, lock: bool = False) -> Enrolment:
    """Return an enrolment's row; refuses (NotFound) an unknown one. The caller has checked who asks."""
    rows = Enrolment.objects.select_for_update() if lock else Enrolment.objects.all()
    result = rows.filter(pk=enrolment_id).first()
    if result is None:
        raise NotFound
    return result


def lock(enrolment_ids: Collection[uuid.UUID]) -> None:
    """Lock some enrolments in the order of their keys, until the caller's transaction ends."""
    list(Enrolment.objects.select_for_update().filter(pk__in=enrolment_ids).order_by("pk").values_list("pk"))


def enrolment(enrolment_id: uuid.UUID, *, lock: bool = False) -> EnrolmentValue:
    """Return an enrolment; refuses (NotFound) an unknown one. The caller has checked who asks."""
    return value(row(enrolment_id, lock=lock))


def enrolment_for(enrolment_id: uuid.UUID, *, by: Actor) -> Enrolment:
    """Return an enrolment's row, of the actor's own; refuses (NotFound) everybody else's."""
    result = Enrolment.objects.filter(pk=enrolment_id, person_id=by.person_id).first() if by.person_id else None
    if result is None:
        raise NotFound
    return result


def own_enrolment(enrolment_id: uuid.UUID, *, by: Actor) -> EnrolmentValue:
    """Return an enrolment of the actor's own; refuses (NotFound) everybody else's."""
    return value(enrolment_for(enrolment_id, by=by))


def enrolment_of_class(class_id: uuid.UUID, *, person_id: uuid.UUID) -> EnrolmentValue | None:
    """Return a person's live enrolment for a class, if there is one."""
    rows = Enrolment.objects.filter(training_class_id=class_id, person_id=person_id).exclude(state__in=VOID)
    result = rows.first()
    return value(result) if result else None


_OF_PERSON = Statement(lambda: Enrolment.objects.filter(person_id=Bind("person", UUIDField())))


def enrolments_of(person_id: uuid.UUID) -> list[EnrolmentValue]:
    """Return all enrolments of a person here, newest first."""
    return [value(enrolment) for enrolment in _OF_PERSON.fetch(person=person_id)]


def enrolment_list() -> QuerySet[Enrolment]:
    """Return all enrolments, bare: a list narrows and counts them before it asks for what it shows (`with_shown`)."""
    return Enrolment.objects.all()


def with_shown(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return some enrolments with no more than a list shows of each and of its class."""
    shown = ("number", "person_name", "person_masked", "channel", "applied_at", "state")
    return rows.only(*shown).annotate(class_name=F("training_class__name"))


OPENING = opening(lambda: with_shown(enrolment_list()), "-applied_at")
"""The list as it opens: the latest enrolments."""


def enrolments() -> QuerySet[Enrolment]:
    """Return all enrolments with the names of their classes, newest first."""
    return Enrolment.objects.annotate(class_name=F("training_class__name"))


def confirmed_ids(position: str) -> list[uuid.UUID]:
    """Return the keys of the enrolments in training for a position."""
    rows = Enrolment.objects.filter(position=position, state=EnrolmentState.CONFIRMED)
    return list(rows.values_list("pk", flat=True))


def class_ids_of(enrolment_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return the keys of the classes of some enrolments."""
    return set(Enrolment.objects.filter(pk__in=enrolment_ids).values_list("training_class_id", flat=True))


def papers_waiting() -> QuerySet[Enrolment]:
    """Return the enrolments of which a person must still look at the papers: nobody pays or is tested before."""
    waiting = (EnrolmentState.ELIGIBLE, EnrolmentState.ENROLLED, EnrolmentState.CONFIRMED)
    return Enrolment.objects.filter(state__in=waiting, papers_seen_at=None).exclude(rule="")


_PAPERS = Statement(papers_waiting)


def any_papers_waiting() -> Figure:
    """Return whether any papers wait to be looked at, to be asked."""
    return _PAPERS.exists()


_IN_STATE = Statement(lambda: Enrolment.objects.filter(state=Bind("state", CharField())))


def enrolments_in(state: EnrolmentState) -> Figure:
    """Return how many enrolments stand in a state, to be asked."""
    return _IN_STATE.count(state=state)


@dataclass(frozen=True, slots=True)
class Training:
    """An enrolment with its class and hours, as "my training" shows it."""

    enrolment: EnrolmentValue
    training_class: catalogue.ClassValue
    progress: hour_queries.Progress | None


def trainings_of(person_id: uuid.UUID, at: datetime) -> list[Training]:
    """Return a person's enrolments with classes and hours, newest first, in three queries however many."""
    values = enrolments_of(person_id)
    training_classes = catalogue.training_classes([value.class_id for value in values])
    progress = hour_queries.progress_of([value.id for value in values])
    return [Training(value, training_classes[value.class_id], progress.get(value.id)) for value in values]


STEPS = (
    (_("Apply"), EnrolmentState.SUBMITTED),
    (_("Eligible"), EnrolmentState.ELIGIBLE),
    (_("Seat reserved"), EnrolmentState.ENROLLED),
    (_("Paid, in training"), EnrolmentState.CONFIRMED),
    (_("Completed"), EnrolmentState.COMPLETED),
)


def steps(row: Enrolment) -> list[dict[str, Words]]:
    """Return where an enrolment stands on its way (components/steps.html); nothing for one that has left the way."""
    order = [state for _label, state in STEPS]
    if row.state not in order:
        return []
    current = order.index(EnrolmentState(row.state))
    marks = ["done"] * current + ["now"] + ["next"] * (len(order) - current - 1)
    return [{"label": label, "place": mark} for (label, _state), mark in zip(STEPS, marks, strict=True)]


def declared(row: Enrolment, at: datetime) -> list[tuple[Words, str]]:
    """Return what an applicant declared, in words (components/facts.html)."""
    pack = pack_queries.pack(row.policy)
    return [
        (_("Education"), pack.eligibility.education(row.education).label),
        (_("Major"), pack.eligibility.major(row.major).label),
        (_("Years of practice on site"), str(row.practice_years)),
        (_("Position"), pack.position(row.position).label),
        (_("Came in"), str(row.get_channel_display())),
        (_("Under policy"), row.policy),
    ]


def ready_for_test(enrolment_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Readiness]:
    """Return, for each enrolment, whether it may be tested: paid, all hours complete (policy part 1.2), and what the
    matrix rests on looked at by a person.

    They come by name; unknown enrolments are left out. Two queries, however many are asked for.
    """
    rows = Enrolment.objects.filter(pk__in=enrolment_ids).order_by(PinyinKey("person_name", person=True), "pk")
    progress = hour_queries.progress_of(enrolment_ids)
    result = {}
    for enrolment in rows:
        reasons = tuple(_reasons(enrolment, progress.get(enrolment.pk)))
        result[enrolment.pk] = Readiness(
            not reasons, reasons, enrolment.person_id, enrolment.person_name, enrolment.position
        )
    return result


def _reasons(enrolment: Enrolment, progress: hour_queries.Progress | None) -> list[Words]:
    if enrolment.state == EnrolmentState.COMPLETED:
        return [_("This enrolment is completed already.")]
    if enrolment.state in VOID:
        return [_("This enrolment is not valid any more.")]
    reasons: list[Words] = []
    if enrolment.state != EnrolmentState.CONFIRMED:
        reasons.append(_("The fee is not paid."))
    if progress is None or not progress.complete:
        have = f"{progress.credited_hours:g}" if progress else "0"
        need = str(progress.required_hours) if progress else "—"
        words = str(_("Class hours are not complete: %(have)s of %(need)s.")) % {"have": have, "need": need}
        reasons.append(words)
    if enrolment.papers_due:
        reasons.append(_("Nobody has looked at the papers yet that prove what was declared."))
    return reasons
