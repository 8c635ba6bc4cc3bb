"""A corrected name goes into what every app of the institution has written down and is not final."""

import uuid
from datetime import datetime

from kernel import later
from shared.identity.queries import people as people_queries
from tenants.billing.queries import orders as order_queries
from tenants.courses.operations import seats
from tenants.rosters.operations import enrolments
from tenants.sittings.operations import candidates


@later.task("tenant_portal.refresh_person", runs=later.Where.INSTITUTION, asked_by=later.Where.PLATFORM)
def refresh_person(*, person_id: str, at: datetime) -> None:
    """Write the register's name into enrolments, seats and sittings that are not final. What keeps the old one (orders
    that were paid or cancelled, signed sittings) is named in the life of each enrolment.
    """
    person = people_queries.person(uuid.UUID(person_id))
    seats.refresh_person(person_id=person.id, name=person.name)
    kept = candidates.refresh_person(person_id=person.id, name=person.name)
    kept += order_queries.under_another_name(person.id, person.name)
    enrolments.refresh_person(person_id=person.id, kept=kept, at=at)
