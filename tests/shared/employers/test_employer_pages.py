"""Pages and REST of employers: each role's way through, and what nobody else is shown."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel.access import Actor
from shared.certificates.operations import issuing
from shared.employers.models import Employee, Registration
from shared.employers.operations import people
from shared.identity.models.people import Person
from support import employers, holders

pytestmark = pytest.mark.usefixtures("public_db")
Acting = Callable[..., Any]


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def test_an_employer_is_registered_by_pages_and_proven_by_the_officers(
    acting: Acting, applicant: Actor, officer: Actor, sent_code: Callable[[], str]
) -> None:
    client = acting(applicant)
    read(client.get("/account/employers/new/"))
    facts = {k: v for k, v in employers.FORM.items() if not k.startswith("letter")}
    letter = SimpleUploadedFile("介绍信.pdf", employers.PDF, "application/pdf")
    answer = client.post("/account/employers/new/", facts | {"letter": letter})
    row = Registration.objects.get()
    own = f"/account/employers/registrations/{row.pk}/"
    assert answer["Location"] == own
    assert client.post(own, {"code": "WRONG"}).status_code == 422
    assert client.post(own, {"code": sent_code()})["Location"] == own
    assert "待核实" in read(client.get(own, headers={"Accept-Language": "zh-hans"}))
    desk = acting(officer)
    assert row.name in read(desk.get("/authority/"))
    assert row.name in read(desk.get("/authority/employers/"))
    page = f"/authority/employers/{row.pk}/"
    assert "/files/" in read(desk.get(page))
    assert desk.post(page, {"prove": "no", "reason": ""}).status_code == 422
    assert desk.post(page, {"prove": "yes"})["Location"] == page
    row.refresh_from_db()
    assert row.state == "proved"
    assert "/employer/" in read(client.get(own))


def test_the_first_page_says_what_must_be_done_now(
    acting: Acting,
    asked: Callable[[int], Any],
    company: Registration,
    clerk: Actor,
    make_person: Any,
    institutions: Any,
    at: datetime,
) -> None:
    for n, agree in enumerate((True, False, None), start=1):
        person = make_person(f"学员{'甲乙丙'[n - 1]}", n)
        row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
        if agree is not None:
            people.answer(employee_id=row.pk, agree=agree, by=person.actor, at=at)
        certificate = holders.certificate(institutions[0], Person.objects.get(pk=person.actor.person_id), at)
        issuing.receive_number(
            certificate_id=certificate.pk, number=f"演示-JX-26-10000{n}", issued_on=datetime(2024, 3, 20).date(), at=at
        )
    client = acting(clerk)
    client.get("/employer/")
    with asked(9):
        text = read(client.get("/employer/"))
    assert company.name in text
    assert "演示-JX-26-100001" in text
    assert "演示-JX-26-100002" not in text
    assert "演示-JX-26-100003" not in text


def test_a_clerk_without_a_registration_is_led_to_it(
    acting: Acting, as_actor: Callable[..., Actor], at: datetime
) -> None:
    from kernel.access import SYSTEM
    from shared.identity.operations import people as identity_people

    key = identity_people.register_employer(name="演示旧单位", credit_code=employers.credit_code(5), by=SYSTEM, at=at)
    text = read(acting(as_actor("employer_clerk", scope=str(key))).get("/employer/"))
    assert "/account/employers/new/" in text


def test_a_clerk_names_people_by_pages_and_takes_them_off(
    acting: Acting, company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    person = make_person()
    client = acting(clerk)
    page = f"/employer/{company.employer_id}/people/"
    read(client.get(page))
    assert client.post(page, {"name": "欧阳学员", "id_number": person.number})["Location"] == page
    assert client.post(page, {"name": "欧阳学员", "id_number": person.number}).status_code == 422
    file = SimpleUploadedFile("p.csv", "证件号码,姓名\r\n1,某人".encode())
    assert "证件号码" in client.post(f"{page}file/", {"file": file}).content.decode()
    row = Employee.objects.get()
    assert client.post(f"{page}{row.pk}/ending/")["Location"] == page
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_the_person_answers_under_the_account_and_ends_it_there(
    acting: Acting, company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    person = make_person()
    row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    client = acting(person.actor)
    assert company.name in read(client.get("/account/home/"))
    assert company.name in read(client.get("/account/employers/"))
    answer = client.post(f"/account/employers/{row.pk}/answer/", {"agree": "yes"})
    assert answer["Location"] == "/account/employers/"
    row.refresh_from_db()
    assert row.state == "agreed"
    client.post(f"/account/employers/{row.pk}/ending/")
    row.refresh_from_db()
    assert row.state == "ended"


def test_clerks_are_invited_and_ended_by_pages(acting: Acting, company: Registration, clerk: Actor) -> None:
    client = acting(clerk)
    page = f"/employer/{company.employer_id}/clerks/"
    read(client.get(page))
    assert client.post(page, {"identifier": "b@example.invalid", "name": "演示二"})["Location"] == page
    grants = [one["id"] for one in client.get(f"/api/v1/employers/{company.employer_id}/clerks/").json()]
    assert len(grants) == 2
    assert client.post(f"{page}{grants[0]}/ending/").status_code == 302
    left = [one["id"] for one in client.get(f"/api/v1/employers/{company.employer_id}/clerks/").json()]
    assert client.post(f"{page}{left[0]}/ending/")["Location"] == page
    company.refresh_from_db()
    assert company.state == "proved"
    assert client.post(f"{page}{left[0]}/ending/", {"reason": "单位注销"})["Location"] == "/account/employers/"
    company.refresh_from_db()
    assert company.state == "ended"


def test_a_registrar_vouches_at_the_counter(
    acting: Acting, applicant: Actor, institutions: Any, as_actor: Callable[..., Actor], at: datetime
) -> None:
    row = employers.registration(by=applicant, at=at)
    client = acting(as_actor("registrar", scope=str(institutions[0].organisation_id)), "alpha")
    read(client.get("/staff/employers/"))
    facts = {"credit_code": row.credit_code, "applied_name": "演示经办", "seen": "营业执照、身份证"}
    assert client.post("/staff/employers/", facts | {"applied_name": "别人"}).status_code == 422
    assert client.post("/staff/employers/", facts)["Location"] == "/staff/employers/"
    row.refresh_from_db()
    assert (row.state, row.way) == ("proved", "vouching")


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_as_much_whatever_its_length(
    acting: Acting, asked: Callable[[int], Any], company: Registration, clerk: Actor, at: datetime, count: int
) -> None:
    from kernel import idnumbers

    for n in range(count):
        number = idnumbers.make_resident_id("360102", datetime(1990, 1, 1).date(), n)
        assert company.employer_id is not None
        people.add(employer_id=company.employer_id, name="某某人", id_number=number, by=clerk, at=at)
    client = acting(clerk)
    client.get(f"/employer/{company.employer_id}/people/")
    with asked(3):
        read(client.get(f"/employer/{company.employer_id}/people/"))


def test_machines_do_the_same(
    acting: Acting, company: Registration, clerk: Actor, make_person: Any, applicant: Actor, at: datetime
) -> None:
    person = make_person()
    client = acting(clerk)
    people_url = f"/api/v1/employers/{company.employer_id}/people/"
    body = {"name": "欧阳学员", "id_number": person.number}
    headers = {"Idempotency-Key": "one"}
    first = client.post(people_url, body, content_type="application/json", headers=headers)
    again = client.post(people_url, body, content_type="application/json", headers=headers)
    assert (first.status_code, again.json(), again["Idempotent-Replay"]) == (201, first.json(), "true")
    assert first.json()["state"] == "asked"
    people.ask(at=at)
    own = acting(person.actor)
    key = own.get("/api/v1/employments/").json()[0]["id"]
    answer = own.post(f"/api/v1/employments/{key}/answer/", {"agree": True}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "agreed")
    assert client.get(people_url).json()["results"][0]["state"] == "agreed"
    assert own.post(f"/api/v1/employments/{key}/ending/").json()["state"] == "ended"
    assert [one["state"] for one in acting(applicant).get("/api/v1/employers/registrations/").json()] == ["proved"]
