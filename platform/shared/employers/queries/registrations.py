"""Registrations: one's own, those of an office, and under which an employer acts."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import access, states, tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import NotFound
from shared.institutions.queries import organisations
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.values.shapes.employers import Employers
from shared.records import queries as record_queries

from .. import rules
from ..models import Registration
from ..states import HOLDING, WAITING, State, Way

Fact = tuple[str | Promise, str | Promise]
VERB_LABELS = {
    "employer_registration.begin": _("Began the registration"),
    "employer_registration.send_code": _("Had another code sent"),
}


def is_held(credit_code: str) -> bool:
    """Say whether a registration of this credit code waits to be decided, or is proven."""
    return Registration.objects.filter(credit_code=credit_code, state__in=HOLDING).exists()


def over(at: datetime) -> list[uuid.UUID]:
    """Return the waiting registrations whose last day has passed, in the order in which they are locked."""
    rows = Registration.objects.filter(state__in=WAITING, stands_until__lt=legal_day(at)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def own(by: Actor) -> list[Registration]:
    """Return the registrations that an account began, newest first."""
    return list(Registration.objects.filter(applied_by=access.account_of(by)))


def own_registration(by: Actor, registration_id: uuid.UUID) -> Registration:
    """Return one of them; refuses (NotFound) anybody else's."""
    row = Registration.objects.filter(pk=registration_id).first()
    if row is None or not access.is_self(by, row.applied_by):
        raise NotFound
    return row


def in_jurisdiction(by: Actor) -> QuerySet[Registration]:
    """Return what was asked for within the offices of `by`, what waits first; nothing whose telephone is not proven."""
    rows = Registration.objects.filter(authority_code__in=organisations.jurisdiction(by), proven_at__isnull=False)
    return rows.order_by("-applied_at", "-id")


def registration_for(by: Actor, registration_id: uuid.UUID) -> Registration:
    """Return a registration within the offices of `by`; refuses (NotFound) others."""
    row = in_jurisdiction(by).filter(pk=registration_id).first()
    if row is None:
        raise NotFound
    return row


def may_decide(by: Actor, row: Registration) -> bool:
    """Say whether an officer may decide on a registration, or end it."""
    return rules.may_decide(by, row.authority_code, organisations.jurisdiction(by), row.applied_by)


def of_employers(employer_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Registration]:
    """Return the registrations under which employers act, by employer."""
    rows = Registration.objects.filter(employer_id__in=employer_ids, state=State.PROVED)
    return {row.employer_id: row for row in rows if row.employer_id is not None}


def ways_open(row: Registration) -> Employers | None:
    """Return what the pack of a registration says of ways and days."""
    return pack_queries.pack(row.policy).employers


def facts(row: Registration) -> list[Fact]:
    """Return what a page says of a registration; the telephone masked."""
    places = {a.code: a for a in authorities.authorities()}
    place, office = places.get(row.division_code), places.get(row.authority_code)
    city = places.get(place.parent) if place and not place.office else None
    shown: list[Fact] = [
        (_("Employer"), row.name),
        (_("Unified social credit code"), row.credit_code),
        (_("Seat of the employer"), " ".join(p.label for p in (city, place) if p)),
        (_("Competent authority"), office.office_label if office else ""),
        (_("Telephone"), str(row.telephone)),
        (_("Asked for by"), row.applied_name),
    ]
    if row.way:
        shown.append((_("Proven by"), Way(row.way).label))
    if row.institution_id is not None:
        places_of = tenancy.institution_hosts(institution_ids=[row.institution_id])
        shown += [(_("Institution"), places_of[0].name if places_of else ""), (_("Looked at"), row.seen)]
    return shown


def letter_path(row: Registration) -> str:
    """Return the path of the letter for a few minutes, "" where there is none. The caller has checked who asks."""
    return record_queries.signed_path(row.letter_id) if row.letter_id else ""


def life(row: Registration) -> list[states.LifeStep]:
    """Return the life line of a registration."""
    return states.timeline(row, VERB_LABELS)
