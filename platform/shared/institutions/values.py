"""An institution's schema as other apps see it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .states import Lifecycle


@dataclass(frozen=True, slots=True)
class InstitutionSchema:
    """Whose a schema is, where it stands, and how it came to be."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    slug: str
    credit_code: str
    schema_name: str
    schema_origin: str
    ready: bool
    lifecycle: str
    listed_at: datetime
    retired_at: datetime | None

    @property
    def has_schema(self) -> bool:
        """Say whether its data is here."""
        return self.ready and not self.is_deleted

    @property
    def read_only(self) -> bool:
        """Say whether its records may only be read."""
        return self.lifecycle in (Lifecycle.RETIRED, Lifecycle.LEAVING)

    @property
    def is_deleted(self) -> bool:
        """Say whether its data was deleted."""
        return self.lifecycle == Lifecycle.DELETED


def institution_schema(row: Any) -> InstitutionSchema:
    """Return the value of an institution's row, which was read with its organisation."""
    return InstitutionSchema(
        id=row.pk,
        organisation_id=row.organisation_id,
        name=row.name,
        slug=row.slug,
        credit_code=row.organisation.credit_code,
        schema_name=row.schema_name,
        schema_origin=row.schema_origin,
        ready=row.ready,
        lifecycle=row.lifecycle,
        listed_at=row.listed_at,
        retired_at=row.retired_at,
    )
