"""Standing drives every page: what the public reads, what staff read, and what the principal is told and can reach."""

from datetime import date
from typing import Any

import pytest

from kernel import tenancy
from shared.institutions.operations import standing
from shared.notices.models import Notice
from shared.registry.models.commitments import Commitment
from support import sittings

KINDS = {"suspend": ("暂停招生", "suspended"), "remove": ("清出名单", "removed")}


def _decide(school: Any, kind: str) -> None:
    with tenancy.open_public():
        standing.decide(
            organisation_id=school.institution.organisation_id,
            kind=kind,
            document_no="演示〔2026〕9号",
            reason="演示：核查发现问题",
            by=school.officer,
            at=school.at,
        )
    tenancy.clear_host_cache()


@pytest.mark.parametrize("kind", KINDS)
def test_the_public_page_of_who_may_not_enrol_headlines_no_class_and_no_way_to_enrol(
    school: Any, acting: Any, kind: str
) -> None:
    training_class = school.open_class()
    before = acting().get("/").content.decode()
    assert training_class.name in before
    assert "如何报名" in before
    _decide(school, kind)
    page = acting().get("/").content.decode()
    for words in ("正在报名的班级", "如何报名", training_class.name, f"/my/classes/{training_class.pk}/"):
        assert words not in page, words
    assert KINDS[kind][0] in page
    assert f"/classes/{training_class.pk}/apply/" not in acting().get(f"/classes/{training_class.pk}/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_of_the_staff_says_how_the_institution_stands(school: Any, acting: Any, kind: str) -> None:
    pages = ("/staff/", "/staff/classes/", "/staff/enrolments/")
    for path in pages:
        assert KINDS[kind][0] not in acting(school.registrar).get(path).content.decode()
    _decide(school, kind)
    for path in pages:
        assert KINDS[kind][0] in acting(school.registrar).get(path).content.decode(), path


@pytest.mark.parametrize("kind", KINDS)
def test_the_principal_is_told_and_finds_it_among_what_waits(school: Any, acting: Any, kind: str) -> None:
    principal = sittings.staff("演示校长", "principal", str(school.institution.organisation_id), school.at)
    _decide(school, kind)
    [notice] = Notice.objects.filter(account_id=principal.account_id, template__startswith="institutions.")
    assert (notice.template, notice.path) == (f"institutions.{kind}", "/institutions/alpha/")
    home = acting(principal).get("/staff/").content.decode()
    assert "nuoxing.localhost:8000/institutions/alpha/" in home
    assert "查看决定" in home
    assert "查看决定" not in acting(school.registrar).get("/staff/").content.decode()


def test_the_self_check_that_an_existing_institution_owes_is_reached_from_the_principals_desk(
    school: Any, acting: Any
) -> None:
    with tenancy.as_owner():
        row = Commitment.objects.create(
            organisation_id=school.institution.organisation_id,
            authority_code="360100",
            kind="self_check",
            existing_since=date(2015, 6, 1),
            existing_document="演示旧名单",
            policy="jiangxi-2020@5",
            created_at=school.at,
            state_since=school.at,
        )
    assert f"/commitment/{row.pk}/" in acting(school.principal).get("/staff/").content.decode()
    assert f"/commitment/{row.pk}/" not in acting(school.registrar).get("/staff/").content.decode()
