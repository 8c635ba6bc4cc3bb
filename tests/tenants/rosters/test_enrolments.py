"""Applications with every reason, one enrolment a position in the province, the seat, the end."""

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import translation

from kernel import audit, tenancy
from kernel.access import Actor, Denied
from kernel.errors import Invalid, NotFound
from kernel.idnumbers import make_resident_id, mask_id
from kernel.states import WrongState
from shared.identity.models.accounts import Account
from shared.identity.models.claims import ActiveEnrolment
from shared.identity.models.people import Person
from shared.identity.operations import accounts, claims, closing, people
from shared.institutions.operations import standing
from shared.notices.models import Notice
from shared.policy.queries import packs as pack_queries
from tenants.billing.operations import orders
from tenants.courses.operations import classes, seats
from tenants.portal import queries as institution_portal_queries
from tenants.rosters.models import Enrolment
from tenants.rosters.operations import applications, counter, enrolments
from tenants.rosters.operations import privacy as roster_privacy
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.queries import life

NUMBER = make_resident_id("360102", date(1990, 3, 7), 109)


def test_an_eligible_applicant_is_told_so_and_by_which_rule(school: Any) -> None:
    row = school.applied(school.open_class().pk, school.person())
    assert (row.state, row.rule, row.reasons, row.policy) == (
        "eligible",
        "eligibility.rows.college-core",
        [],
        "jiangxi-2020@5",
    )
    assert [note.verb for note in audit.history(row)] == ["enrolment.apply", "enrolment.find_eligible"]


def test_a_refused_applicant_is_told_every_reason_in_both_languages_with_its_source(school: Any) -> None:
    person = school.person(born=date(2009, 1, 1))
    row = school.applied(school.open_class().pk, person, education="vocational", practice_years=1)
    assert row.state == "refused"
    with translation.override("en"):
        english = enrolment_queries.value(row).reasons
    with translation.override("zh-hans"):
        chinese = enrolment_queries.value(row).reasons
    assert [reason.code for reason in english] == ["too-young", "practice-too-short"]
    assert "18" in english[0].words
    assert english[0].words != chinese[0].words
    assert english[1].words == (
        "Full years of practice on site that Construction Officer, Civil Works needs with your education and major: 3;"
        " you entered 1."
    )
    assert "土建施工员" in chinese[1].words
    assert [reason.from_policy for reason in chinese] == [False, True]
    assert chinese[1].source.startswith("JGJ/T 250-2011")


@pytest.mark.parametrize(
    ("education", "major", "years", "state"),
    [
        ("college", "core", 1, "eligible"),
        ("bachelor", "related", 2, "eligible"),
        ("bachelor", "related", 1, "refused"),
        ("vocational", "core", 3, "eligible"),
        ("senior-high", "related", 3, "refused"),
        ("vocational", "other", 40, "refused"),
        ("junior-high", "core", 40, "refused"),
    ],
)
def test_the_matrix_decides(school: Any, education: str, major: str, years: int, state: str) -> None:
    row = school.applied(
        school.open_class().pk, school.person(), education=education, major_kind=major, practice_years=years
    )
    assert row.state == state


def test_a_second_live_application_for_a_class_is_refused_and_a_new_one_after_a_refusal_is_taken(school: Any) -> None:
    training_class, person = school.open_class(), school.person()
    assert school.applied(training_class.pk, person, practice_years=0).state == "refused"
    assert school.applied(training_class.pk, person).state == "eligible"
    with pytest.raises(applications.AlreadyApplied):
        school.applied(training_class.pk, person)
    assert Enrolment.objects.count() == 2


def test_where_enrolment_is_suspended_nobody_applies_and_nobody_gets_a_seat(school: Any) -> None:
    training_class, person = school.open_class(), school.person()
    waiting = school.applied(training_class.pk, person)
    organisation = school.institution.organisation_id
    with tenancy.open_public():
        standing.suspend(
            organisation_id=organisation, document_no="演示〔2026〕9号", reason="演示", by=school.officer, at=school.at
        )
    with pytest.raises(applications.InstitutionNotEnrolling) as refused:
        school.applied(training_class.pk, school.person("演示乙"))
    assert "暂停" in str(refused.value) or "suspended" in str(refused.value)
    with pytest.raises(applications.InstitutionNotEnrolling):
        orders.place_order(enrolment_id=waiting.pk, by=person, at=school.at)
    assert (Enrolment.objects.count(), ActiveEnrolment.objects.count()) == (1, 0)


def test_a_class_that_is_not_open_takes_nobody(school: Any) -> None:
    training_class = school.open_class()
    classes.start_class(class_id=training_class.pk, by=school.registrar, at=school.at)
    with pytest.raises(seats.NotEnrolling):
        school.applied(training_class.pk, school.person())
    with pytest.raises(NotFound):
        school.applied(school.training_class().pk, school.person())
    assert not Enrolment.objects.exists()


def test_a_position_is_held_once_in_the_province(school: Any, other_school: Any) -> None:
    person = school.person()
    school.ordered(school.open_class().pk, person)
    with tenancy.open_institution(other_school.institution):
        training_class = other_school.open_class()
        with pytest.raises(claims.AlreadyEnrolled):
            other_school.ordered(training_class.pk, person)
        training_class.refresh_from_db()
        assert (training_class.seats_taken, Enrolment.objects.get().state) == (0, "eligible")
    other = school.open_class(position="CLY")
    assert school.ordered(other.pk, person)[0].state == "enrolled"


def test_an_unknown_education_or_impossible_years_are_refused(school: Any) -> None:
    training_class, person = school.open_class(), school.person()
    with pytest.raises(pack_queries.UnknownKey):
        school.applied(training_class.pk, person, education="doctor")
    for years in (-1, 81):
        with pytest.raises(Invalid):
            school.applied(training_class.pk, person, practice_years=years)
    assert not Enrolment.objects.exists()


def test_the_principal_may_admit_by_decision_and_the_refusal_stays_readable(school: Any) -> None:
    row = school.applied(school.open_class().pk, school.person(), practice_years=0)
    call: dict[str, Any] = {"enrolment_id": row.pk, "at": school.at}
    with pytest.raises(Denied):
        applications.admit_by_decision(why="有单位证明", by=school.registrar, **call)
    with pytest.raises(Invalid):
        applications.admit_by_decision(why=" ", by=school.principal, **call)
    applications.admit_by_decision(why="有单位证明", by=school.principal, **call)
    row.refresh_from_db()
    assert (row.state, [r["code"] for r in row.reasons]) == ("eligible", ["practice-too-short"])
    assert audit.history(row)[-1].why == "有单位证明"


def test_completion_frees_the_position_and_is_reached_from_training_only(school: Any) -> None:
    training_class, person = school.open_class(), school.person()
    enrolment, _order = school.ordered(training_class.pk, person)
    with pytest.raises(WrongState):
        enrolments.complete(enrolment_id=enrolment.pk, by=school.registrar, at=school.at)
    paid, _order, _payment = school.paid(school.open_class().pk, school.person("演示乙"))
    enrolments.complete(enrolment_id=paid.pk, by=school.registrar, at=school.at)
    paid.refresh_from_db()
    assert paid.state == "completed"
    assert not ActiveEnrolment.objects.filter(enrolment_id=paid.pk, released_at=None).exists()


def test_readiness_tells_every_reason_why_not(school: Any) -> None:
    training_class = school.open_class()
    enrolment = school.applied(training_class.pk, school.person())
    paid, _order, _payment = school.paid(training_class.pk, school.person("演示乙"))
    found = enrolment_queries.ready_for_test([enrolment.pk, paid.pk, training_class.pk])
    assert {key: len(r.reasons) for key, r in found.items()} == {enrolment.pk: 3, paid.pk: 1}
    assert (found[paid.pk].name, found[paid.pk].position, found[paid.pk].ready) == ("演示乙", "SGY-TJ", False)
    assert "40" in str(found[paid.pk].reasons[0])


def test_nobody_is_tested_before_a_person_has_looked_at_the_papers(school: Any) -> None:
    person = school.person()
    row = school.applied(school.open_class().pk, person)
    words = "Nobody has looked at the papers"
    with translation.override("en"):
        assert words in " ".join(map(str, enrolment_queries.ready_for_test([row.pk])[row.pk].reasons))
        mine = dataclasses.replace(school.registrar, person_id=person.person_id)
        with pytest.raises(roster_privacy.OwnPapers):
            roster_privacy.note_evidence_seen(enrolment_id=row.pk, what="毕业证", by=mine, at=school.at)
        roster_privacy.note_evidence_seen(enrolment_id=row.pk, what="毕业证", by=school.registrar, at=school.at)
        assert words not in " ".join(map(str, enrolment_queries.ready_for_test([row.pk])[row.pk].reasons))
    row.refresh_from_db()
    assert (row.papers_seen_at, row.papers_seen_by) == (school.at, school.registrar.account_id)
    with tenancy.as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=row.pk).update(papers_seen_at=None, papers_seen_by=None)


def test_the_life_of_an_enrolment_names_the_machine_and_the_person_apart(school: Any) -> None:
    row = school.applied(school.open_class().pk, school.person("演示申请人"))
    roster_privacy.note_evidence_seen(enrolment_id=row.pk, what="毕业证", by=school.registrar, at=school.at)
    steps = {str(step.label): str(step.actor_name) for step in life.life(row)}
    assert steps["按申报内容机器比对，符合条件"] == ""
    assert steps["已审看证明材料"] == school.registrar.name


def test_readiness_is_asked_in_two_queries_however_many(school: Any, django_assert_num_queries: Any) -> None:
    training_class = school.open_class()
    ids = [school.ordered(training_class.pk, school.person(name))[0].pk for name in ("演示甲", "演示乙", "演示丙")]
    for size in (1, 3):
        with django_assert_num_queries(2):
            assert len(enrolment_queries.ready_for_test(ids[:size])) == size


def test_somebody_at_the_counter_is_found_by_the_document_or_made(school: Any) -> None:
    person = {"name": "演示丁", "id_number": NUMBER, "mobile": "13911112222"}
    declaration = {"education": "college", "major_kind": "core", "practice_years": 2}
    class_ids = [school.open_class().pk, school.open_class(position="CLY").pk]
    rows = [
        counter.apply_at_counter(
            class_id=key, person=person, declaration=declaration, evidence=None, by=school.registrar, at=school.at
        )
        for key in class_ids
    ]
    assert {row.person_id for row in rows} == {Person.objects.get().pk}
    assert (rows[0].channel, rows[0].state, rows[0].person_masked) == ("counter", "eligible", mask_id(NUMBER))
    assert Account.objects.get(person=rows[0].person_id).name == "演示丁"
    with pytest.raises(counter.NameDiffers):
        counter.apply_at_counter(
            class_id=class_ids[0],
            person=person | {"name": "演示戊"},
            declaration=declaration,
            evidence=None,
            by=school.registrar,
            at=school.at,
        )
    assert (Enrolment.objects.count(), Person.objects.count()) == (2, 1)


def test_a_refusal_at_the_counter_leaves_no_person_behind(school: Any) -> None:
    person = {"name": "演示丁", "id_number": NUMBER, "mobile": "13911112222"}
    with pytest.raises(pack_queries.UnknownKey):
        counter.apply_at_counter(
            class_id=school.open_class().pk,
            person=person,
            declaration={"education": "doctor", "major_kind": "core", "practice_years": 2},
            evidence=None,
            by=school.registrar,
            at=school.at,
        )
    assert (Person.objects.count(), Account.objects.count()) == (0, 0)


def test_the_database_keeps_one_live_enrolment_of_a_person_in_a_class(school: Any) -> None:
    training_class, person = school.open_class(), school.person()
    row = school.applied(training_class.pk, person)
    refused = school.applied(training_class.pk, school.person("演示乙"), practice_years=0)
    with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
        Enrolment.objects.filter(pk=refused.pk).update(person_id=row.person_id, state="eligible")


@override_settings(LANGUAGE_CODE="zh-hans")
def test_the_desks_say_what_waits(school: Any, as_actor: Any) -> None:
    training_class, person = school.open_class(), school.person()
    assert institution_portal_queries.trainee_todos(person, school.at) == []
    school.applied(training_class.pk, person)
    assert [str(t.url) for t in institution_portal_queries.trainee_todos(person, school.at)] == [
        f"/my/enrolments/{Enrolment.objects.get().pk}/"
    ]
    order = orders.place_order(enrolment_id=Enrolment.objects.get().pk, by=person, at=school.at)
    assert [t.url for t in institution_portal_queries.trainee_todos(person, school.at)] == [f"/my/orders/{order.pk}/"]
    tomorrow = school.at + timedelta(days=1)
    assert [t.url for t in institution_portal_queries.staff_todos(school.registrar, tomorrow)] == [
        "/staff/enrolments/?papers=due",
        f"/staff/classes/{training_class.pk}/",
    ]
    assert institution_portal_queries.staff_todos(as_actor("proctor"), tomorrow) == []


def test_who_applied_online_is_told_that_learning_can_begin(school: Any) -> None:
    training_class, person = school.open_class(), school.person()
    school.paid(training_class.pk, person)
    (notice,) = Notice.objects.filter(account_id=person.account_id)
    assert (notice.template, notice.path.endswith(f"/my/classes/{training_class.pk}/")) == ("rosters.confirmed", True)


@pytest.mark.parametrize("dot", "•・‧･．∙⋅")
def test_a_name_of_many_parts_is_known_at_the_counter_with_any_dot(school: Any, dot: str) -> None:
    entry = {
        "name": "买买提·艾力",
        "id_number": NUMBER,
        "mobile": "13911112222",
        "by": school.registrar,
        "at": school.at,
    }
    known = counter.register_walk_in(**entry)
    wide = NUMBER.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    assert (
        counter.register_walk_in(**entry | {"name": f"\u200b买买提{dot}艾力", "id_number": f"\u202d{wide} "}) == known
    )
    assert Person.objects.get().name == "买买提·艾力"


def test_blanks_and_unseen_marks_are_no_part_of_a_stored_name_and_a_copied_mobile_is_one(school: Any) -> None:
    counter.register_walk_in(
        name="李\u3000小 路\u200e",
        id_number=NUMBER,
        mobile="\u202d+86 139 1111 2222\u202c",
        by=school.registrar,
        at=school.at,
    )
    person = Person.objects.get()
    assert (person.name, person.mobile.reveal() if person.mobile else "") == ("李小路", "13911112222")


def _walk_in(school: Any, **facts: Any) -> Any:
    entry = {"name": "演示丁", "id_number": NUMBER, "mobile": "13911112222"} | facts
    return counter.register_walk_in(**entry, by=school.registrar, at=school.at)


def test_who_closed_the_account_and_comes_back_has_one_again(school: Any) -> None:
    person = school.person("演示丁")
    number = Person.objects.get(pk=person.person_id).id_number.reveal()
    with tenancy.open_public():
        closing.close_account(account_id=person.account_id, by=person, at=school.at)
    assert _walk_in(school, id_number=number) == person.person_id
    account = Account.objects.get(person=person.person_id)
    assert (account.pk == person.account_id, account.mobile.reveal(), account.name) == (False, "13911112222", "演示丁")
    assert Person.objects.get(pk=person.person_id).mobile.reveal() == "13911112222"
    assert sorted(account.consents.values_list("kind", flat=True)) == ["id_number", "privacy_notice"]


def test_who_signed_up_anew_after_closing_is_sent_to_a_counter_which_connects_the_person(school: Any) -> None:
    person = school.person("演示丁")
    number = Person.objects.get(pk=person.person_id).id_number.reveal()
    with tenancy.open_public():
        closing.close_account(account_id=person.account_id, by=person, at=school.at)
        new = accounts.register_account(
            identifier="13911112222", password="a-long-password", name="演示丁", at=school.at
        )
        with pytest.raises(people.PersonOfClosedAccount):
            people.complete_person(
                account_id=new.id,
                name="演示丁",
                id_type="resident",
                id_number=number,
                mobile="13911112222",
                by=Actor(new.id),
                at=school.at,
            )
    assert _walk_in(school, id_number=number) == person.person_id
    assert Account.objects.get(person=person.person_id).pk == new.id


def test_two_people_with_one_telephone_are_both_enrolled(school: Any) -> None:
    first = _walk_in(school)
    second = _walk_in(school, name="演示戊", id_number=make_resident_id("360102", date(1991, 3, 7), 110))
    shared = Account.objects.get(person=second)
    assert (shared.mobile, shared.email, shared.has_usable_password()) == (None, None, False)
    assert Person.objects.get(pk=second).mobile.reveal() == "13911112222"
    assert Account.objects.get(person=first).mobile.reveal() == "13911112222"
    again = _walk_in(
        school, name="演示戊", id_number=make_resident_id("360102", date(1991, 3, 7), 110), mobile="13911113333"
    )
    shared.refresh_from_db()
    assert (again, shared.mobile.reveal(), shared.mobile_verified_at) == (second, "13911113333", None)


def test_whose_account_has_no_details_is_enrolled_at_the_counter_with_it(school: Any) -> None:
    with tenancy.open_public():
        account = accounts.register_account(
            identifier="13911112222", password="a-long-password", name="演示丁", at=school.at
        )
    assert Account.objects.get(person=_walk_in(school)).pk == account.id
    assert Account.objects.count() == 1


@pytest.mark.parametrize(("name", "verified"), [("别人", True), ("演示丁", False)])
def test_an_account_of_another_name_or_of_an_unproven_number_is_not_taken_for_the_person_s(
    school: Any, name: str, verified: bool
) -> None:
    with tenancy.open_public():
        account = accounts.register_account(
            identifier="13911112222", password="a-long-password", name=name, at=school.at, verified=verified
        )
    assert Account.objects.get(person=_walk_in(school)).pk != account.id
    assert Account.objects.get(pk=account.id).person_id is None
