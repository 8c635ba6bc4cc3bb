"""Answers of sittings to the hooks of lower apps, and notices of a sitting to its candidates."""

import uuid

from django.conf import settings
from django.urls import reverse

from kernel.clock import CHINA
from kernel.states import MadeMove, moves_made
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from tenants.courses.values import learner_changed

from .operations.leaving import recheck

learner_changed.connect()(recheck)


def _ticket(candidacy_id: uuid.UUID) -> str:
    path = reverse("sittings:ticket", settings.ROOT_URLCONF, args=[candidacy_id])
    return institution_listing_queries.address_here(path)


@moves_made.connect("sitting.file")
def filed(made: MadeMove) -> None:
    """Tell each candidate when and where the test is."""
    sitting = made.row
    when = f"{sitting.starts_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    where = f"{sitting.room.name} · {sitting.room.place}"
    for candidacy in sitting.candidacies.order_by("pk"):
        url = _ticket(candidacy.pk)
        notices.send_person(
            person_id=candidacy.person_id,
            by=made.by,
            template="sittings.filed",
            context={"when": when, "where": where, "url": url},
            at=made.at,
            key=f"sitting-filed:{candidacy.pk}",
        )
