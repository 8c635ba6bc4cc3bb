"""Somebody who passed a test, and the certificate asked for."""

import uuid
from datetime import date, datetime
from typing import Any

from kernel import tenancy
from kernel.access import SYSTEM
from kernel.crypto import blind
from kernel.idnumbers import make_resident_id
from shared.certificates.models import Certificate
from shared.certificates.operations import reporting
from shared.identity.models.accounts import Account
from shared.identity.models.people import Person

POLICY = "jiangxi-2020@5"
BORN = date(1995, 5, 5)


def person(name: str, number: str, at: datetime, *, born: date = BORN) -> Person:
    """Somebody with a number of their own."""
    facts = {"id_type": "resident", "born": born, "sex": "male", "made_at": at}
    with tenancy.as_owner():
        return Person.objects.create(name=name, id_number=number, id_blind=blind(number), **facts)


def holder(at: datetime) -> Person:
    """Somebody with an account."""
    row = person("演示学员", make_resident_id("360102", BORN, 211), at)
    with tenancy.as_owner():
        Account.objects.create(name=row.name, email="holder@example.com", person=row)
    return Person.objects.get(pk=row.pk)


def certificate(institution: Any, person: Person, at: datetime, **other: Any) -> Certificate:
    """Ask for a certificate of a test passed at an institution."""
    facts: dict[str, Any] = {
        "institution_id": institution.pk,
        "attempt_id": uuid.uuid4(),
        "person_id": person.pk,
        "position": "SGY-TJ",
        "score": 81,
        "tested_on": date(2026, 3, 2),
        "policy_version": POLICY,
        "by": SYSTEM,
        "at": at,
    }
    return Certificate.objects.get(pk=reporting.request_certificate(**facts | other))
