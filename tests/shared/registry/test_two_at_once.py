"""Two people at once, each on a connection of their own: one signs, and no notice ends past an objection."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from kernel import access, tenancy
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import Objection, PublicNotice
from shared.registry.models.verifications import Verification
from shared.registry.operations import publicity
from support.commitments import FORM, Life
from support.committed import committing
from support.races import race


@pytest.fixture
def committed(
    django_db_setup: None, django_db_blocker: Any, at: datetime, as_actor: Callable[..., access.Actor]
) -> Iterator[Life]:
    """Bring a commitment through its life in committed transactions, and leave nothing behind."""
    with committing(django_db_blocker):
        yield Life(at, as_actor)
    with django_db_blocker.unblock(), tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM institutions_organisation WHERE credit_code = %s", [FORM["credit_code"]])


def test_of_two_officers_signing_at_the_same_moment_exactly_one_signs(committed: Any) -> None:
    row = committed.submitted()
    committed.check(row)
    officers = [committed.as_actor("city_officer", scope="360100", name=name) for name in ("演示甲", "演示乙")]
    went = race(
        lambda: committed.sign(row, by=officers[0]),
        lambda: committed.sign(row, "false", "现场核查与承诺不符", by=officers[1]),
    )
    signed = Verification.objects.get(commitment=row)
    state = Commitment.objects.values_list("state", flat=True).get(pk=row.pk)
    assert went == ["done", "wrong-state"]
    assert state == {"true": "under_notice", "false": "verified_false"}[signed.opinion]
    assert PublicNotice.objects.filter(commitment=row).count() == (signed.opinion == "true")


def test_an_objection_at_the_last_moment_and_the_end_of_the_notice_never_both_win(committed: Any) -> None:
    row = committed.under_notice()
    notice = PublicNotice.objects.get(commitment=row)
    went = race(
        lambda: publicity.file_objection(
            notice_id=notice.pk,
            text="该机构教室为临时租用，与公示不符",
            source="10.0.0.9",
            real=committed.at,
            at=datetime.fromisoformat("2026-03-09T23:59:59+08:00"),
        ),
        lambda: publicity.close_notice(notice_id=notice.pk, at=datetime.fromisoformat("2026-03-10T00:00:00+08:00")),
    )
    state = Commitment.objects.values_list("state", flat=True).get(pk=row.pk)
    objections = Objection.objects.filter(notice=notice).count()
    assert (went, state, objections) in [
        (["done", "not-yet"], "under_notice", 1),
        (["done", "notice-ended"], "uploading", 0),
    ]
