"""A school at work, a person's client at it, and the institution on the day of a test."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from kernel import tenancy
from kernel.access import ANONYMOUS, Actor
from support import clients, committed, sittings
from support.school import School


@pytest.fixture
def school(alpha: Any, as_actor: Callable[..., Actor], at: datetime) -> School:
    """The first institution at work, its schema open."""
    return School(alpha, at, as_actor)


@pytest.fixture
def other_school(alpha: Any, beta: Any, as_actor: Callable[..., Actor], at: datetime) -> School:
    """The second institution; open its schema with `tenancy.open_institution(other_school.institution)`."""
    assert tenancy.current_schema() == alpha.schema_name
    return School(beta, at, as_actor)


@pytest.fixture
def acting(acting: Callable[..., Any], school: School) -> Callable[..., Any]:
    """Return a client at the school's host that acts as the given person; the school's schema is open again after
    each request. Signing in is identity's own story.
    """

    def make(actor: Actor = ANONYMOUS, moment: datetime | None = None) -> Any:
        return clients.staying(acting(actor, "alpha", moment or clients.NOW))

    return make


@pytest.fixture
def world(alpha: Any, at: datetime) -> sittings.World:
    """The first institution on the day of a test, with three people ready for it."""
    sittings.fill_bank(at)
    return sittings.build(alpha, at, people=3)


@pytest.fixture
def live(db: None, django_db_setup: None, django_db_blocker: Any, at: datetime) -> Iterator[Callable[..., Any]]:
    """Build committed worlds: `live("alpha", people=5)`. Everything is emptied afterwards.

    A module that uses it has a `db` fixture of its own that opens no transaction.
    """
    with committed.committing(django_db_blocker):
        sittings.fill_bank(at)

        def make(slug: str = "alpha", **how: Any) -> sittings.World:
            institution = committed.institution(slug)
            with tenancy.open_institution(institution):
                return sittings.build(institution, at, **how)

        yield make
