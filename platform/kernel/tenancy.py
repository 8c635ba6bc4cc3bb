"""Tenancy: the institution now open; the only module that opens a schema.

Open the schema outside, the transaction inside: what runs on commit runs in the schema that is open at commit.
"""

import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django_tenants.utils import (
    get_public_schema_name,
    get_tenant_domain_model,
    get_tenant_model,
    schema_context,
    tenant_context,
)

_HOST_CACHE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class InstitutionAtHost:
    """The institution whose host is asked for, as every request carries it."""

    pk: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    slug: str
    schema_name: str
    ready: bool
    read_only: bool
    is_deleted: bool
    standing: str


_hosts: dict[str, tuple[float, InstitutionAtHost | None]] = {}


def current_schema() -> str:
    """Return the name of the schema now open; "public" when no institution is."""
    return str(connection.schema_name)  # type: ignore[attr-defined]  # django-tenants' connection


def in_public() -> bool:
    """Say whether no institution is open."""
    return current_schema() == str(get_public_schema_name())


def current_institution() -> Any | None:
    """Return the institution now open, None in public."""
    if in_public():
        return None
    tenant = connection.tenant  # type: ignore[attr-defined]  # as above
    if getattr(tenant, "pk", None) is None:
        tenant = get_tenant_model().objects.get(schema_name=current_schema())
        connection.set_tenant(tenant)  # type: ignore[attr-defined]  # as above
    return tenant


def current_institution_id() -> uuid.UUID | None:
    """Return the key of the institution now open, None in public."""
    institution = current_institution()
    return None if institution is None else uuid.UUID(str(institution.pk))


def current_organisation_id() -> uuid.UUID | None:
    """Return the key of the organisation whose institution is now open, None in public."""
    institution = current_institution()
    return None if institution is None else uuid.UUID(str(institution.organisation_id))


def institution_id() -> uuid.UUID:
    """Return the key of the institution now open; for apps whose tables are in no other schema."""
    key = current_institution_id()
    if key is None:
        raise RuntimeError("no institution's schema is open")
    return key


@contextmanager
def open_public() -> Iterator[None]:
    """Open the shared schema alone."""
    with schema_context(get_public_schema_name()):
        yield


def owner_of(schema: str) -> Any:
    """Return whom a schema belongs to, for opening it often: an institution, or the shared schema's own name."""
    if schema == get_public_schema_name():
        return schema
    with open_public():
        return get_tenant_model().objects.get(schema_name=schema)


@contextmanager
def open_institution(institution: Any) -> Iterator[None]:
    """Open an institution's schema, given its row, its value or its schema's name ("public" opens the shared one)."""
    owner = owner_of(institution) if isinstance(institution, str) else institution
    with open_public() if isinstance(owner, str) else tenant_context(owner):
        yield


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the login that owns schemas and tables: migrations, provisioning, backup. No request ever does."""
    with connection.as_owner():  # type: ignore[attr-defined]  # kernel.db.postgres
        yield


def cached_institution_at(host: str) -> InstitutionAtHost | None:
    """Return the same where it is known without asking the database, None where it has to be asked."""
    cached = _hosts.get(host)
    return cached[1] if cached is not None and cached[0] > time.monotonic() else None


def institution_at(host: str) -> InstitutionAtHost | None:
    """Return the institution whose domain `host` is, from a cache of a few seconds; None where there is none."""
    if (cached := cached_institution_at(host)) is not None:
        return cached
    with open_public():
        domain = get_tenant_domain_model().objects.select_related("tenant__organisation").filter(domain=host).first()
    institution = _at_host(domain.tenant) if domain is not None else None
    if institution is not None:
        if len(_hosts) > 10_000:
            _hosts.clear()
        _hosts[host] = (time.monotonic() + _HOST_CACHE_SECONDS, institution)
    return institution


def _at_host(row: Any) -> InstitutionAtHost:
    return InstitutionAtHost(
        pk=row.pk,
        organisation_id=row.organisation_id,
        name=row.name,
        slug=row.slug,
        schema_name=row.schema_name,
        ready=row.ready,
        read_only=row.read_only,
        is_deleted=row.is_deleted,
        standing=row.standing,
    )


def clear_host_cache() -> None:
    """Forget which host belongs to whom, so that the next request asks."""
    _hosts.clear()


def host_of(request: HttpRequest) -> str:
    """Return the request's host without its port, lower-case."""
    return request.get_host().rpartition(":")[0].lower() or request.get_host().lower()


def enter(institution: Any | None) -> None:
    """Leave the connection in an institution's schema (None: public) for the rest of a synchronous request."""
    if institution is None:
        connection.set_schema_to_public()  # type: ignore[attr-defined]  # as above
    else:
        connection.set_tenant(institution)  # type: ignore[attr-defined]  # as above


def schemas(*, retired: bool = False) -> list[str]:
    """Return the names of the schemas of the institutions at work, oldest first; with `retired` those read only too."""
    with open_public():
        rows = [one for one in get_tenant_model().objects.order_by("pk") if one.has_schema]
        return [one.schema_name for one in rows if retired or not one.read_only]


def deleted_schemas() -> list[str]:
    """Return the names of the schemas of institutions whose data was deleted."""
    with open_public():
        return [one.schema_name for one in get_tenant_model().objects.order_by("pk") if one.is_deleted]


@dataclass(frozen=True, slots=True)
class InstitutionHost:
    """An institution and the host at which it is found."""

    institution_id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    host: str


def institution_hosts(
    *, institution_ids: Collection[uuid.UUID] = (), organisation_ids: Collection[uuid.UUID] = ()
) -> list[InstitutionHost]:
    """Return where these institutions, or the institutions of these organisations, are found, by name."""
    if not institution_ids and not organisation_ids:
        return []
    condition = Q(tenant_id__in=institution_ids) | Q(tenant__organisation_id__in=organisation_ids)
    rows = get_tenant_domain_model().objects.filter(condition, is_primary=True).select_related("tenant")
    return [
        InstitutionHost(d.tenant.pk, d.tenant.organisation_id, d.tenant.name, d.domain)
        for d in rows.order_by("tenant__name_key", "tenant_id")
    ]
