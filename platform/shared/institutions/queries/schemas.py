"""Schemas: which institution works in which, and where each stands."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from kernel import states
from kernel.errors import NotFound

from ..models import Institution
from ..states import Lifecycle, SchemaOrigin
from ..values import InstitutionSchema, institution_schema


def _rows() -> QuerySet[Institution]:
    rows: QuerySet[Institution] = Institution.objects.select_related("organisation")
    return rows


def schema_of(institution_id: uuid.UUID) -> InstitutionSchema:
    """Return an institution's schema; refuses (NotFound) an unknown one."""
    row = _rows().filter(pk=institution_id).first()
    if row is None:
        raise NotFound
    return institution_schema(row)


def schema_of_slug(slug: str) -> InstitutionSchema:
    """Return an institution's schema by its slug, whether or not the public may see it; refuses (NotFound)."""
    row = _rows().filter(slug=slug).first()
    if row is None:
        raise NotFound
    return institution_schema(row)


def schema_of_code(credit_code: str) -> InstitutionSchema | None:
    """Return the schema of the organisation with this unified social credit code, None where it has none."""
    row = _rows().filter(organisation__credit_code=credit_code).first()
    return institution_schema(row) if row is not None else None


def schema_names() -> list[str]:
    """Return the schemas that stand and were not deleted, those of the oldest institutions first."""
    rows = Institution.objects.filter(ready=True).exclude(lifecycle=Lifecycle.DELETED).order_by("pk")
    return list(rows.values_list("schema_name", flat=True))


def schema_table() -> QuerySet[Institution, dict[str, Any]]:
    """Return all institutions by name as plain values, for a table that an upper app adds its own columns to."""
    rows: QuerySet[Institution, dict[str, Any]] = Institution.objects.order_by("name_key", "id").values(
        "pk", "name", "schema_name", "ready", "lifecycle"
    )
    return rows


def waiting_for_schemas() -> tuple[InstitutionSchema, ...]:
    """Return up to 20 institutions whose schema does not stand yet."""
    rows = _rows().filter(ready=False, lifecycle=Lifecycle.WORKING)
    return tuple(institution_schema(row) for row in rows[:20])


def listed_without_spare(since: datetime) -> tuple[InstitutionSchema, ...]:
    """Return the last 20 institutions that were listed since then and did not get a spare schema."""
    rows = _rows().filter(listed_at__gte=since, schema_origin__in=(SchemaOrigin.TEMPLATE, SchemaOrigin.MIGRATIONS))
    return tuple(institution_schema(row) for row in rows.order_by("-listed_at")[:20])


def life(institution_id: uuid.UUID, verbs: Mapping[str, str | Promise]) -> list[states.LifeStep]:
    """Return an institution's life line in words (components/life_line.html)."""
    return states.timeline(Institution(pk=institution_id), verbs)
