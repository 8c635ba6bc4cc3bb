"""Listing: an institution is put on the list and is given a schema in the same transaction, or soon after."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kernel import tenancy
from kernel.access import Actor
from kernel.db.schemas import building
from kernel.later import later
from kernel.roles import Role
from kernel.web.http import address
from shared.identity.queries import accounts as account_queries
from shared.institutions.operations import lifecycle
from shared.institutions.operations import listing as institution_listing
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.states import SchemaOrigin
from shared.institutions.values import InstitutionSchema
from shared.notices import operations as notices

from .spares import claim_spare


def list_institution(
    *, organisation_id: uuid.UUID, positions: Sequence[str], by: Actor, at: datetime, policy_version: str = ""
) -> InstitutionSchema:
    """Put an organisation on the list and give it its place of work: institution, host, standing and schema, all in
    ONE transaction.

    The schema is a spare one, renamed. With none left all the rest stands, the schema is built after commit
    ("hosting.build_schema"), and until then its host says that it is being set up. Only the registry does this,
    when the ministry has receipted the commitment (policy part 2.1). Refuses `WrongState` where the
    organisation is listed already.
    """
    with transaction.atomic():
        institution = institution_listing.list_organisation(
            organisation_id=organisation_id, positions=positions, by=by, at=at, policy_version=policy_version
        )
        if claim_spare(institution.schema_name):
            institution = _open_host(institution, SchemaOrigin.SPARE, at=at)
            later("hosting.fill_pool")
        else:
            later("hosting.build_schema", institution_id=str(institution.id))
    return institution


def build_schema(*, institution_id: uuid.UUID, at: datetime) -> bool:
    """Build a listed institution's schema, open its host and tell its principals; return whether anything was to do.

    Harmless to repeat: what stands is left alone.
    """
    with tenancy.open_public(), transaction.atomic():
        institution = lifecycle.lock_schema(institution_id)
        if institution.ready:
            return False
        _open_host(institution, SchemaOrigin(building.build_schema(institution.schema_name)), at=at)
    tenancy.clear_host_cache()
    return True


def _open_host(institution: InstitutionSchema, origin: SchemaOrigin, *, at: datetime) -> InstitutionSchema:
    url = institution_listing_queries.address_of(institution.slug, address("staff"))
    for principal in account_queries.holders(Role.PRINCIPAL, str(institution.organisation_id)):
        notices.send(
            to=principal,
            template="hosting.ready",
            context={"name": institution.name, "url": url},
            at=at,
            key=f"hosting.ready:{institution.id}",
        )
    return institution_listing.mark_ready(institution_id=institution.id, origin=origin, at=at)
