"""Classes as the platform is told of them: filed in the transaction that opens, changes or moves one on."""

import uuid
from datetime import datetime

from kernel import tenancy
from kernel.access import Actor
from shared.filings import operations as filings
from shared.institutions.queries import listing as institution_listing_queries

from ..models import TrainingClass
from ..states import ClassState


def file_class(row: TrainingClass, *, by: Actor, at: datetime) -> None:
    """File a class as it stands, unless it is still in preparation. The caller holds the lock of its row."""
    if row.state == ClassState.DRAFT:
        return
    institution = institution_listing_queries.institution(tenancy.institution_id())
    filings.record_class(
        institution_id=institution.id,
        class_id=row.pk,
        name=row.name,
        position=row.position,
        programme=row.programme.title,
        class_hours=row.class_hours,
        division_code=institution.division_code,
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        enrols_until=row.enrols_until,
        seats=row.capacity,
        state=row.state,
        by=by,
        at=at,
    )


def file_classes_of(programme_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """File anew the classes of a programme that are not over yet: they say what it is called."""
    rows = TrainingClass.objects.select_for_update(of=("self",)).select_related("programme")
    for row in rows.filter(programme=programme_id, state__in=(ClassState.OPEN, ClassState.RUNNING)).order_by("pk"):
        file_class(row, by=by, at=at)
