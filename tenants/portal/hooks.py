"""Answers of an institution's home to the platform's, and what a correction in the register asks of institutions."""

import uuid
from datetime import datetime

from kernel import later
from shared.identity.operations.closing import person_corrected
from shared.identity.queries import people as people_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.portal.values import todos_there

from .queries import trainee_todos

todos_there.connect()(trainee_todos)


@person_corrected.connect()
def ask_institutions(person_id: uuid.UUID, at: datetime) -> None:
    """Ask for the register's name in the schema of each institution that has the person."""
    for institution_id in people_queries.institutions_of(person_id):
        institution = institution_listing_queries.institution(institution_id)
        if institution.ready:
            later.later_in(institution.schema_name, "tenant_portal.refresh_person", person_id=str(person_id))
