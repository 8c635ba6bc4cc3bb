"""An organisation's standing: listed once, decided about by its authority, in force at the next question."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from kernel import access, audit, tenancy
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.hosting.operations import listing as hosting_listing
from shared.institutions.models import Domain, Institution, Organisation, Ruling, StandingEntry
from shared.institutions.operations import standing
from shared.institutions.queries import standings

GROUNDS = {"document_no": "演建罚〔2026〕1号", "reason": "监控录像保存不足"}


def test_listing_makes_institution_host_and_standing_at_once(list_it: Any, at: datetime) -> None:
    row = list_it()
    assert (row.slug, row.schema_name, row.ready) == ("nanchangganjiang", "t_nanchangganjiang", False)
    assert Domain.objects.get(tenant=row).domain == "nanchangganjiang.nuoxing.localhost"
    standing = standings.standing(row.pk, at)
    assert (standing.state, standing.may_enrol, standing.tone) == ("listed", True, "good")
    assert [e.state for e in StandingEntry.objects.filter(organisation=row.organisation)] == ["registered", "listed"]


def test_an_organisation_is_listed_once(list_it: Any, at: datetime) -> None:
    row = list_it()
    with pytest.raises(WrongState):
        hosting_listing.list_institution(organisation_id=row.organisation_id, positions=[], by=access.SYSTEM, at=at)
    assert Institution.objects.filter(organisation=row.organisation_id).count() == 1


def test_two_of_the_same_name_get_different_hosts(list_it: Any) -> None:
    first = list_it()
    second = list_it(code="123604000000000272")
    assert (first.slug, second.slug) == ("nanchangganjiang", "nanchangganjiang-2")


def test_nobody_but_the_platform_lists(register: Any, as_actor: Callable[..., access.Actor], at: datetime) -> None:
    row = register()
    with pytest.raises(access.Denied):
        hosting_listing.list_institution(
            organisation_id=row.pk, positions=[], by=as_actor("province_officer", scope="360000"), at=at
        )
    assert not Institution.objects.filter(organisation=row).exists()


@pytest.mark.parametrize(
    ("role", "scope", "office"),
    [("city_officer", "360100", "360100"), ("province_officer", "360000", "360000")],
)
def test_a_suspension_is_in_force_at_the_next_question_and_names_its_office(
    list_it: Any, as_actor: Any, at: datetime, role: str, scope: str, office: str
) -> None:
    row = list_it()
    later = at + timedelta(days=30)
    ruling = standing.suspend(organisation_id=row.organisation_id, **GROUNDS, by=as_actor(role, scope=scope), at=later)
    now = standings.standing(row.pk, later)
    assert (now.state, now.may_enrol, now.listed) == ("suspended", False, True)
    assert standings.standing(row.pk, later - timedelta(seconds=1)).may_enrol is True
    assert standings.standing(row.pk, at - timedelta(days=1)).state == "registered"
    assert (ruling.authority_code, ruling.policy) == (office, "jiangxi-2020@5")
    note = audit.history(Organisation.objects.get(pk=row.organisation_id))[-1]
    assert (note.verb, note.why) == ("standing.suspend", "演建罚〔2026〕1号 · 监控录像保存不足")


def test_a_suspension_is_lifted_and_a_removal_is_final(list_it: Any, as_actor: Any, at: datetime) -> None:
    row = list_it()
    officer = as_actor("city_officer", scope="360100")
    decide = {"organisation_id": row.organisation_id, **GROUNDS, "by": officer, "at": at}
    standing.suspend(**decide)
    standing.resume(**decide)
    assert standings.standing(row.pk, at).state == "listed"
    standing.remove(**decide)
    assert standings.standing(row.pk, at).state == "removed"
    with pytest.raises(WrongState):
        standing.resume(**decide)
    steps = standings.life(Organisation.objects.get(pk=row.organisation_id))
    assert len(steps) == 5
    assert steps[-1].actor_name == "南昌市住房和城乡建设局"


@pytest.mark.parametrize(
    ("role", "scope"), [("city_officer", "360700"), ("inspector", "360100"), ("principal", "360100")]
)
def test_others_decide_nothing(list_it: Any, as_actor: Any, at: datetime, role: str, scope: str) -> None:
    row = list_it()
    with pytest.raises(access.Denied):
        standing.suspend(organisation_id=row.organisation_id, **GROUNDS, by=as_actor(role, scope=scope), at=at)
    assert (standings.standing(row.pk, at).state, Ruling.objects.count()) == ("listed", 0)


def test_a_decision_needs_grounds_and_a_second_factor(list_it: Any, as_actor: Any, at: datetime) -> None:
    row = list_it()
    officer = as_actor("city_officer", scope="360100")
    for words in (" ", "a"):
        for act in (standing.suspend, standing.remove):
            with pytest.raises(ReasonRequired):
                act(organisation_id=row.organisation_id, document_no="1号", reason=words, by=officer, at=at)
    with pytest.raises(access.SecondFactorNeeded):
        standing.suspend(
            organisation_id=row.organisation_id,
            **GROUNDS,
            by=as_actor("city_officer", scope="360100", level=1),
            at=at,
        )
    assert standings.standing(row.pk, at).state == "listed"


def test_a_principal_stops_enrolling_and_begins_again_but_not_while_suspended(
    list_it: Any, as_actor: Any, at: datetime
) -> None:
    row = list_it()
    principal = as_actor("principal", scope=str(row.organisation_id))
    own = {"organisation_id": row.organisation_id, "by": principal, "at": at}
    standing.stop_enrolling(**own)
    assert standings.standing(row.pk, at).may_enrol is False
    standing.enrol_again(**own)
    assert standings.standing(row.pk, at).may_enrol is True
    standing.suspend(organisation_id=row.organisation_id, **GROUNDS, by=as_actor("city_officer", scope="360100"), at=at)
    with pytest.raises(WrongState):
        standing.enrol_again(**own)
    with pytest.raises(access.Denied):
        standing.stop_enrolling(organisation_id=row.organisation_id, by=as_actor("principal", scope="x"), at=at)


def test_no_role_writes_the_stars_of_an_institution_and_there_are_five(list_it: Any, at: datetime) -> None:
    row = list_it()
    stars = {"stars": 4, "star_year": 2026, "star_score": Decimal(82), "star_count": 31}
    with pytest.raises(ProgrammingError), transaction.atomic(), tenancy.open_public():
        Institution.objects.filter(pk=row.pk).update(**stars)
    with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
        Institution.objects.filter(pk=row.pk).update(**(stars | {"stars": 6}))
    row.refresh_from_db()
    assert (row.stars, row.star_year, row.star_score, row.star_count) == (None, None, None, 0)


def test_a_ruling_without_grounds_is_refused_by_the_database_too(list_it: Any, as_actor: Any, at: datetime) -> None:
    row = list_it()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.create(
            organisation=row.organisation,
            kind="suspend",
            document_no="",
            reason="演示",
            authority_code="360100",
            decided_by=row.pk,
            decided_at=at,
            policy="p",
        )
