"""Listing: an organisation is put on the list, and its place of work becomes ready."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kernel import audit
from kernel.access import SYSTEM, Actor

from .. import methods
from ..models import Domain, Institution, StandingEntry
from ..queries import listing as institution_listing_queries
from ..states import STANDING, SchemaOrigin
from ..values import InstitutionSchema, institution_schema
from .lifecycle import lock_institution
from .standing import lock_organisation


def list_organisation(
    *, organisation_id: uuid.UUID, positions: Sequence[str], by: Actor, at: datetime, policy_version: str = ""
) -> InstitutionSchema:
    """Put an organisation on the list, with its institution and its host; its schema is hosting's to give.

    Runs in the transaction of `hosting.operations.listing.list_institution`, which alone calls it. Refuses
    `WrongState` where the organisation is listed already.
    """
    with transaction.atomic():
        organisation = lock_organisation(organisation_id)
        STANDING.move(organisation, "list", by=by, at=at, policy=policy_version)
        StandingEntry.objects.create(organisation=organisation, state=organisation.state, since=at)
        slug = _free_slug(organisation.name)
        institution = Institution(
            organisation=organisation,
            slug=slug,
            schema_name=methods.schema_of(slug),
            name=organisation.name,
            listed_at=at,
            positions=list(positions),
        )
        institution.save(force_insert=True)
        Domain.objects.create(tenant=institution, domain=institution_listing_queries.host_of(slug), is_primary=True)
        audit.note("institution.list", institution, by=by, at=at, after=audit.values(institution, "slug", "positions"))
    return institution_schema(institution)


def _free_slug(name: str) -> str:
    base = methods.slug_base(name)
    taken = Institution.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    return methods.slug_of(name, set(taken))


def mark_ready(*, institution_id: uuid.UUID, origin: SchemaOrigin, at: datetime) -> InstitutionSchema:
    """Note that an institution's schema stands, and how it came to be: from now on its host is open."""
    with transaction.atomic():
        institution = lock_institution(institution_id)
        institution.ready, institution.schema_origin = True, origin
        institution.save(update_fields=["ready", "schema_origin"])
        after = audit.values(institution, "ready", "schema_origin")
        audit.note("institution.ready", institution, by=SYSTEM, at=at, after=after)
    return institution_schema(institution)
