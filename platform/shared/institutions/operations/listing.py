"""Listing: an institution is put on the list, with its schema in the same transaction or soon after."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kernel import audit, schemas, tenancy
from kernel.access import SYSTEM, Actor
from kernel.errors import NotFound
from kernel.later import later
from shared.identity import queries as identity
from shared.notices import operations as notices_operations

from .. import methods, queries
from ..models import Domain, Institution, StandingEntry
from ..states import STANDING, SchemaOrigin
from .spares import claim_spare
from .standing import lock_organisation


def list_institution(
    *, organisation_id: uuid.UUID, positions: Sequence[str], by: Actor, at: datetime, policy_version: str = ""
) -> Institution:
    """Put an organisation on the list and give it its place of work: institution, host, standing and schema, all in
    ONE transaction.

    The schema is a spare one, renamed. With none left all the rest stands, the schema is built after commit
    ("institutions.build_schema"), and until then its host says that it is being set up. Only the registry does this,
    when the ministry has receipted the commitment (policy part 2.1). Refuses `WrongState` where the
    organisation is listed already.
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
        Domain.objects.create(tenant=institution, domain=queries.host_of(slug), is_primary=True)
        audit.note("institution.list", institution, by=by, at=at, after=audit.values(institution, "slug", "positions"))
        if claim_spare(institution.schema_name):
            _open_host(institution, SchemaOrigin.SPARE, at=at)
            later("institutions.fill_pool")
        else:
            later("institutions.build_schema", institution_id=str(institution.pk))
    return institution


def _free_slug(name: str) -> str:
    base = methods.slug_base(name)
    taken = Institution.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    return methods.slug_of(name, set(taken))


def build_schema(*, institution_id: uuid.UUID, at: datetime) -> bool:
    """Build a listed institution's schema, open its door and tell its principals; return whether anything was to do.

    Harmless to repeat: what stands is left alone.
    """
    with tenancy.open_public(), transaction.atomic():
        institution = Institution.objects.select_for_update(of=("self",)).filter(pk=institution_id).first()
        if institution is None:
            raise NotFound
        if institution.ready:
            return False
        _open_host(institution, SchemaOrigin(schemas.build_schema(institution.schema_name)), at=at)
    tenancy.clear_host_cache()
    return True


def _open_host(institution: Institution, how: SchemaOrigin, *, at: datetime) -> None:
    institution.ready, institution.schema_origin = True, how
    institution.save(update_fields=["ready", "schema_origin"])
    audit.note(
        "institution.ready", institution, by=SYSTEM, at=at, after=audit.values(institution, "ready", "schema_origin")
    )
    address = queries.address_of(institution.slug, "/staff/")
    for principal in identity.holders("principal", str(institution.organisation_id)):
        notices_operations.send(
            to=principal,
            template="institutions.ready",
            context={"name": institution.name, "url": address},
            at=at,
            key=f"institutions.ready:{institution.pk}",
        )
