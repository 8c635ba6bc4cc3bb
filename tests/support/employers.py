"""Employers at each step of their life, brought there by the operations where these do not wait for a code."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from kernel.access import Actor, Grant
from kernel.clock import legal_day
from kernel.idnumbers import make_credit_code
from kernel.roles import Role
from shared.employers.models import Employee, Registration
from shared.employers.operations import decisions, people
from shared.identity.queries import people as people_queries
from shared.policy.queries import packs as pack_queries
from shared.records import operations as records

CITY = "360100"
PDF = b"%PDF-1.4 stamped letter"


def credit_code(n: int) -> str:
    """Return the n-th employer's code."""
    return make_credit_code("91", CITY, f"MA9{n:05d}")


FORM: dict[str, Any] = {
    "name": "演示建工0有限公司",
    "credit_code": credit_code(0),
    "division_code": "360111",
    "telephone": "13900000077",
    "letter": PDF,
    "letter_name": "letter.pdf",
}


def registration(*, by: Actor, at: datetime, n: int = 0, letter: bool = True, **changes: Any) -> Registration:
    """Return a registration whose telephone is proven, and that waits to be decided."""
    file = records.store_file(content=PDF, name="letter.pdf", by=by, at=at, retention="3 years") if letter else None
    facts: dict[str, Any] = {
        "name": f"演示建工{n}有限公司",
        "credit_code": credit_code(n),
        "division_code": "360111",
        "authority_code": CITY,
        "telephone": "13900000077",
        "code_digest": b"0" * 32,
        "code_expires_at": at + timedelta(minutes=15),
        "proven_at": at,
        "letter_id": file.id if file else None,
        "applied_by": by.account_id,
        "applied_name": by.name,
        "applied_at": at,
        "stands_until": legal_day(at) + timedelta(days=30),
        "policy": pack_queries.pack_at(at).version,
        "state": "asked",
        "state_since": at,
    }
    return Registration.objects.create(**facts | changes)


def proved(*, by: Actor, officer: Actor, at: datetime, n: int = 0, **changes: Any) -> Registration:
    """Return the registration of a proven employer, whose clerk is the applicant."""
    row = registration(by=by, at=at, n=n, **changes)
    decisions.decide(registration_id=row.pk, prove=True, by=officer, at=at)
    row.refresh_from_db()
    return row


def clerk_of(row: Registration, *, account_id: uuid.UUID | None = None, name: str = "演示经办") -> Actor:
    """Return a clerk of a proven employer as an actor with a second factor."""
    grants = frozenset({Grant(Role.EMPLOYER_CLERK, str(row.employer_id))})
    return Actor(account_id or row.applied_by, None, name, 2, grants)


def named(row: Registration, *, person_id: uuid.UUID, number: str, by: Actor, at: datetime) -> Employee:
    """Return somebody whom an employer named, asked already."""
    name = people_queries.person(person_id).name
    assert row.employer_id is not None
    key = people.add(employer_id=row.employer_id, name=name, id_number=number, by=by, at=at)
    people.ask(at=at)
    return Employee.objects.get(pk=key)
