"""What is settled of a test stays, for the institution's role and for the login: candidates, times, outcomes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import tenancy
from support.sittings import World
from tenants.attempts.models.attempts import Attempt
from tenants.sittings.models.sittings import Candidacy, Sitting


def _refused(rows: Any, **changes: Any) -> None:
    before = list(rows.values())
    with tenancy.as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)
    assert list(rows.values()) == before


def test_a_filed_sitting_keeps_its_candidates_and_their_seats(world: World) -> None:
    sitting = world.filed(world.enrolments)
    _refused(Candidacy.objects.filter(sitting=sitting), seat=29)
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        Candidacy.objects.filter(sitting=sitting)._raw_delete("default")
    _refused(Sitting.objects.filter(pk=sitting.pk), filed_at=world.at + timedelta(hours=1))
    assert Candidacy.objects.filter(sitting=sitting).count() == len(world.enrolments)


def test_a_test_goes_on_along_its_charts_alone(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    _refused(Sitting.objects.filter(pk=sitting.pk), state="filed")
    _refused(Attempt.objects.filter(sitting=sitting), state="scored")
