"""Organisations: their public facts, and which of them an officer may see and decide about."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.db.statements import Bind
from kernel.errors import NotFound
from shared.identity.queries import areas
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.states import Level

from .. import rules
from ..models import Organisation
from .standings import Words


@dataclass(frozen=True, slots=True)
class OrganisationValue:
    """A legal entity as other apps need it."""

    id: uuid.UUID
    name: str
    credit_code: str
    category: str
    division_code: str
    authority_code: str
    address: str
    state: str


def organisation(organisation_id: uuid.UUID) -> OrganisationValue:
    """Return an organisation's public facts; refuses (NotFound) an unknown one. The caller has checked who asks."""
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    return value(row)


def value(row: Organisation) -> OrganisationValue:
    """Return the public facts of an organisation's row."""
    fields = (row.id, row.name, row.credit_code, row.category, row.division_code, row.authority_code, row.address)
    return OrganisationValue(*fields, row.state)


@areas.office_source.connect()
def offices() -> "QuerySet[Organisation, Any]":
    """Return which authority answers for which organisation and institution, as identity asks."""
    return Organisation.objects.order_by().values("id", "institution", "authority_code")


def jurisdiction(by: Actor) -> frozenset[str]:
    """Return the codes of the authorities that the offices of `by` cover: a province covers all below it. None
    without a second factor: not every page that asks has asked for the role before.
    """
    scopes = rules.regulates.scopes(by)
    if not scopes or not by.is_strong:
        return frozenset()
    all_authorities = authorities.authorities(Level.PROVINCE, Level.CITY, Level.NEW_AREA)
    return scopes | {a.code for a in all_authorities if a.parent in scopes}


class AnsweringTo(Func):
    """A condition: the institution whose key a column holds answers to one of some authorities.

    Where no organisation answers to anybody else, as for an officer of the whole province, PostgreSQL finds that out
    once for the statement, and then looks up no institution of any row. Both are asked of functions, whose plans a
    session keeps: written out, they took longer to plan than to answer, in each statement of a page.
    """

    output_field = BooleanField()
    arity = 1

    def __init__(self, institution: str, codes: Collection[str] | Bind) -> None:
        """Take the name of the column, and the codes of the authorities."""
        super().__init__(F(institution))
        self.codes = codes if isinstance(codes, Bind) else sorted(codes)

    def as_sql(self, compiler: Any, connection: Any, *_given: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Write the condition."""
        column, params = compiler.compile(self.source_expressions[0])
        return _ANSWERING % column, (self.codes, *params, self.codes)


_ANSWERING = "((SELECT public.institutions_all_answer_to(%%s)) OR %s IN (SELECT public.institutions_answering_to(%%s)))"


def facts(organisation: OrganisationValue, at: datetime) -> list[tuple[Words, Words]]:
    """Return what the public may know of an organisation, as components/facts.html shows it."""
    pack = pack_queries.pack_at(at)
    category = {c.key: c.label for c in pack.institutions.categories}.get(organisation.category, organisation.category)
    places = {a.code: a for a in authorities.authorities()}
    place, office = places.get(organisation.division_code), places.get(organisation.authority_code)
    city = places.get(place.parent) if place and place.level == Level.COUNTY else None
    where = [city.label if city else "", place.label if place else "", organisation.address]
    return [
        (_("Unified social credit code"), organisation.credit_code),
        (_("Category"), category),
        (_("Place of the test site"), " ".join(filter(None, where))),
        (_("Competent authority"), office.office_label if office else ""),
    ]


def in_jurisdiction(by: Actor) -> QuerySet[Organisation]:
    """Return the organisations that an officer may see, by name, with what they have become."""
    covered = jurisdiction(by)
    return (
        Organisation.objects.filter(authority_code__in=covered).select_related("institution").order_by("name_key", "id")
    )


def organisation_for(by: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Return an organisation that `by` may see: its authority's officers and inspectors; refuses (NotFound) others."""
    row = in_jurisdiction(by).filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    return row


def deciding_office(by: Actor, authority_code: str) -> str:
    """Return the office in which `by` decides about an authority's organisations: its own, or the one above it."""
    offices = rules.decides.scopes(by)
    return authority_code if authority_code in offices else authorities.authority(authority_code).parent


def covers(by: Actor, authority_code: str) -> bool:
    """Say whether `by` may decide about organisations of an authority."""
    return rules.may_decide(by, authority_code, jurisdiction(by))
