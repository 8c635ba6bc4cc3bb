"""The pages of rosters: applying, "my training", the counter, the staff's desk."""

import re
from datetime import date
from typing import Any

import pytest

from kernel.access import Actor
from kernel.idnumbers import make_resident_id
from shared.identity.models.claims import ActiveEnrolment
from tenants.rosters.models import Enrolment

RIGHT = {"education": "college", "major_kind": "core", "practice_years": "3", "truthful": "on"}


def test_an_applicant_is_decided_at_once_and_sees_why_not(school: Any, acting: Any) -> None:
    training_class, person = school.open_class(), school.person()
    client = acting(person)
    assert "education" in client.get(f"/classes/{training_class.pk}/apply/").text
    answer = client.post(f"/classes/{training_class.pk}/apply/", RIGHT | {"practice_years": "0"})
    refused = Enrolment.objects.get()
    assert answer.url == f"/my/enrolments/{refused.pk}/"
    page = client.get(answer.url).text
    assert "JGJ/T 250-2011" in page
    assert "/order/" not in page
    answer = client.post(f"/classes/{training_class.pk}/apply/", RIGHT)
    assert "/order/" in client.get(answer.url).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"truthful": ""},
        {"education": "doctor"},
        {"practice_years": "many"},
        {"practice_years": "-1"},
        {"major_kind": ""},
    ],
)
def test_a_bad_application_is_answered_at_its_field(school: Any, acting: Any, wrong: dict[str, str]) -> None:
    training_class = school.open_class()
    answer = acting(school.person()).post(f"/classes/{training_class.pk}/apply/", RIGHT | wrong)
    assert (answer.status_code, Enrolment.objects.count()) == (422, 0)


def test_who_has_not_told_who_they_are_is_sent_to_do_so(school: Any, acting: Any, as_actor: Any) -> None:
    training_class = school.open_class()
    client = acting(as_actor(level=1))
    assert "/account/person/" in client.get(f"/classes/{training_class.pk}/apply/").text
    assert client.post(f"/classes/{training_class.pk}/apply/", RIGHT).status_code == 422
    assert "/account/person/" in client.get("/my/").text
    assert not Enrolment.objects.exists()


def test_one_s_own_enrolment_is_nobody_else_s(school: Any, acting: Any) -> None:
    row = school.applied(school.open_class().pk, school.person())
    for stranger in (school.person("演示乙"), school.registrar):
        assert acting(stranger).get(f"/my/enrolments/{row.pk}/").status_code == 404
    assert acting().get(f"/my/enrolments/{row.pk}/").status_code == 302


def test_my_training_shows_what_to_do_now(school: Any, acting: Any) -> None:
    person = school.person()
    client = acting(person)
    assert client.get("/my/").status_code == 200
    enrolment, _order, _payment = school.paid(school.open_class().pk, person)
    page = client.get("/my/").text
    assert f"/my/classes/{enrolment.training_class_id}/" in page
    assert "演示一班" in page


COUNTER = {
    "name": "演示丁",
    "id_type": "resident",
    "id_number": make_resident_id("360102", date(1990, 3, 7), 109),
    "mobile": "13911112222",
    "education": "college",
    "major_kind": "core",
    "practice_years": "2",
    "agreed": "on",
}


def test_a_registrar_enrols_somebody_at_the_counter(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    desk = acting(school.registrar)
    assert "演示一班" in desk.get("/staff/enrolments/new/").text
    answer = desk.post("/staff/enrolments/new/", COUNTER | {"training_class": str(training_class.pk)})
    row = Enrolment.objects.get()
    assert (answer.url, row.channel, row.state) == (f"/staff/enrolments/{row.pk}/", "counter", "eligible")
    page = desk.get(answer.url).text
    assert COUNTER["id_number"] not in page
    assert row.person_masked in page


@pytest.mark.parametrize(
    "wrong",
    [{"id_number": "360102199003071091"}, {"mobile": "123"}, {"name": ""}, {"agreed": ""}, {"training_class": "x"}],
)
def test_what_is_wrong_at_the_counter_is_said_at_its_field(school: Any, acting: Any, wrong: dict[str, str]) -> None:
    training_class = school.open_class()
    answer = acting(school.registrar).post(
        "/staff/enrolments/new/", COUNTER | {"training_class": str(training_class.pk)} | wrong
    )
    assert (answer.status_code, Enrolment.objects.count()) == (422, 0)


def test_the_principal_decides_on_a_refused_applicant(school: Any, acting: Any) -> None:
    row = school.applied(school.open_class().pk, school.person(), practice_years=0)
    path = f"/staff/enrolments/{row.pk}/decision/"
    assert acting(school.registrar).post(path, {"why": "有单位证明"}).status_code == 403
    assert acting(school.principal).post(path, {"why": ""}).status_code == 422
    assert acting(school.principal).post(path, {"why": "有单位证明"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "eligible"


@pytest.mark.parametrize("who", ["principal", "registrar", "teacher", "cashier"])
def test_every_member_of_staff_has_a_desk(school: Any, acting: Any, who: str) -> None:
    school.ordered(school.open_class().pk, school.person())
    assert acting(getattr(school, who)).get("/staff/").status_code == 200


def test_the_desk_is_not_a_trainee_s(school: Any, acting: Any) -> None:
    person: Actor = school.person()
    for path in ("/staff/", "/staff/enrolments/", "/staff/enrolments/new/"):
        assert acting(person).get(path).status_code == 403


def test_enrolments_are_found_by_name_number_and_state(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    one = school.applied(training_class.pk, school.person("演示甲"))
    school.applied(training_class.pk, school.person("演示乙"), practice_years=0)
    desk = acting(school.registrar)
    for query in ("q=演示甲", f"q={one.number}", "state=eligible"):
        page = desk.get(f"/staff/enrolments/?{query}").text
        assert ("演示甲" in page, "演示乙" in page) == (True, False)
    assert desk.get("/staff/enrolments/?state=nonsense&page=99").status_code == 200
    assert desk.get("/staff/enrolments/?sort=nothing").status_code == 400


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    school: Any, acting: Any, people: int, django_assert_num_queries: Any
) -> None:
    training_class = school.open_class()
    for name in ("演示甲", "演示乙", "演示丙")[:people]:
        school.applied(training_class.pk, school.person(name))
    client = acting(school.registrar)
    client.get("/staff/enrolments/")
    with django_assert_num_queries(2):
        assert client.get("/staff/enrolments/").status_code == 200


@pytest.mark.parametrize("people", [0, 1, 3])
def test_the_list_opens_as_it_is_when_asked_for(school: Any, acting: Any, people: int) -> None:
    training_class = school.open_class()
    for name in ("演示甲", "演示乙", "演示丙")[:people]:
        school.applied(training_class.pk, school.person(name))
    client = acting(school.registrar)
    opening, asked = (
        re.sub(r"\?[^\"]*", "", client.get(f"/staff/enrolments/{query}").text.partition("<table")[2])
        for query in ("", "?sort=-applied_at&page=1")
    )
    assert opening.partition("</main>")[0] == asked.partition("</main>")[0]
    assert opening.count("<tr") == 1 + max(people, 1)


def test_the_whole_number_is_a_link_only_where_its_page_opens(school: Any, acting: Any) -> None:
    enrolment = school.applied(school.open_class().pk, school.person())
    desk, number = acting(school.registrar), f"/staff/persons/{enrolment.person_id}/number/"
    for _turn in ("learns here", "has left"):
        shown = number in desk.get(f"/staff/enrolments/{enrolment.pk}/").text
        assert desk.get(number).status_code == (200 if shown else 403)
        ActiveEnrolment.objects.filter(person_id=enrolment.person_id).delete()
    assert not shown


def test_an_enrolment_or_a_class_of_elsewhere_is_not_found_whatever_is_sent(school: Any, acting: Any) -> None:
    desk, unknown = acting(school.registrar), "0190b0a0-0000-7000-8000-00000000dead"
    for path in (
        f"enrolments/{unknown}/originals/",
        f"enrolments/{unknown}/withdrawal/",
        f"classes/{unknown}/opening/",
    ):
        assert desk.post(f"/staff/{path}", {}).status_code == 404


@pytest.mark.parametrize("typed", ["买买提•艾力", "买买提 ． 艾力", "提・艾", "\u202d买买提·艾力"])
def test_an_enrolment_is_found_by_a_name_however_it_is_typed(school: Any, acting: Any, typed: str) -> None:
    row = school.applied(school.open_class().pk, school.person("买买提·艾力"))
    desk = acting(school.registrar)
    number = row.number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    for query in (typed, f" {number}"):
        assert row.number in desk.get("/staff/enrolments/", {"q": query}).text
