"""Schemas: which there are, which are ready, and how they stand."""

from kernel import tenancy

from ..models import Institution, RestoredCopy, SpareSchema
from ..states import Tenure


def all_schemas() -> list[str]:
    """Return every schema that migrations must reach: institutions', the oldest first, spare ones, restored copies."""
    with tenancy.open_public():
        listed = Institution.objects.filter(ready=True).exclude(tenure=Tenure.DELETED).order_by("pk")
        return [
            *listed.values_list("schema_name", flat=True),
            *(spare.schema_name for spare in SpareSchema.objects.order_by("pk")),
            *RestoredCopy.objects.order_by("pk").values_list("schema_name", flat=True),
        ]
