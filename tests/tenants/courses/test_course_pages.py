"""The pages of courses: classes and hours for staff, lessons and heartbeats for trainees."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tenants.courses.models import Correction, HourEntry, Lesson, Participant, Programme, TrainingClass

STAFF_PAGES = ("/staff/classes/", "/staff/classes/new/", "/staff/programmes/", "/staff/programmes/new/")


def test_the_desk_opens_a_programme_adds_lessons_and_plans_a_class(school: Any, acting: Any) -> None:
    desk = acting(school.registrar)
    answer = desk.post("/staff/programmes/new/", {"position": "SGY-TJ", "title": "土建施工员培训"})
    programme = Programme.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/staff/programmes/{programme.pk}/")
    lesson = {"title": "安全生产", "kind": "document", "minutes": "45", "body": "正文"}
    assert desk.post(f"/staff/programmes/{programme.pk}/lessons/", lesson).status_code == 302
    film = SimpleUploadedFile("film.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"0" * 64)
    video = {"title": "测量放线", "kind": "video", "minutes": "30", "video": film}
    assert desk.post(f"/staff/programmes/{programme.pk}/lessons/", video).status_code == 302
    assert "测量放线" in desk.get(f"/staff/programmes/{programme.pk}/").text
    planned = {
        "programme": str(programme.pk),
        "name": "一班",
        "starts_on": "2026-03-09",
        "ends_on": "2026-04-30",
        "capacity": "30",
    }
    answer = desk.post("/staff/classes/new/", planned)
    training_class = TrainingClass.objects.get()
    assert (answer.url, training_class.state, training_class.capacity) == (
        f"/staff/classes/{training_class.pk}/",
        "draft",
        30,
    )
    assert "一班" in desk.get("/staff/classes/").text
    assert "一班" in desk.get(f"/staff/classes/{training_class.pk}/").text


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/staff/programmes/new/", {"position": "SGY-TJ", "title": "x", "class_hours": "39"}, "40"),
        ("/staff/programmes/new/", {"position": "SGY-TJ", "title": ""}, "title"),
        (
            "/staff/classes/new/",
            {"name": "x", "starts_on": "2026-05-01", "ends_on": "2026-04-01", "capacity": "3"},
            "ends_on",
        ),
        ("/staff/classes/new/", {"name": "x", "starts_on": "soon", "ends_on": "", "capacity": "many"}, "starts_on"),
    ],
)
def test_bad_input_is_answered_at_its_field(school: Any, acting: Any, path: str, data: Any, words: str) -> None:
    programme = school.training_class().programme
    before = (Programme.objects.count(), TrainingClass.objects.count())
    answer = acting(school.registrar).post(path, data | {"programme": str(programme.pk)})
    assert answer.status_code == 422
    assert words in answer.text
    assert (Programme.objects.count(), TrainingClass.objects.count()) == before


def test_a_video_that_is_none_is_refused_at_its_field(school: Any, acting: Any) -> None:
    programme = school.training_class().programme
    lesson = {"title": "x", "kind": "video", "minutes": "30", "video": SimpleUploadedFile("x.mp4", b"not a film")}
    answer = acting(school.registrar).post(f"/staff/programmes/{programme.pk}/lessons/", lesson)
    assert (answer.status_code, Lesson.objects.count()) == (422, 2)


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_staff_pages_are_staff_s(school: Any, acting: Any, path: str, as_actor: Any) -> None:
    assert acting(school.registrar).get(path).status_code == 200
    assert acting().get(path).status_code == 302  # to sign in
    assert acting(school.person()).get(path).status_code == 403
    assert acting(as_actor("registrar", scope="another")).get(path).status_code == 403
    weak = as_actor("registrar", scope=str(school.institution.organisation_id), level=1)
    assert acting(weak).get(path).status_code == 302  # to the second factor


def test_attendance_is_entered_by_its_teacher_with_a_reason(school: Any, acting: Any, as_actor: Any) -> None:
    training_class = school.open_class()
    school.paid(training_class.pk, school.person())
    seat = Participant.objects.get()
    path = reverse("courses:attendance", "config.urls_tenant", args=[training_class.pk])
    teacher = acting(school.teacher)
    assert "演示甲" in teacher.get(path).text
    sheet = {"day": school.day.isoformat(), "class_hours": "8", "why": "签到表", "people": [str(seat.pk)]}
    assert teacher.post(path, sheet | {"why": ""}).status_code == 422
    assert teacher.post(path, sheet | {"day": "2027-01-01"}).status_code == 422
    assert teacher.post(path, sheet | {"people": ["nobody"]}).status_code == 422
    other = as_actor("teacher", scope=str(school.institution.organisation_id))
    assert acting(other).post(path, sheet).status_code == 404
    assert not HourEntry.objects.exists()
    assert teacher.post(path, sheet).status_code == 302
    assert HourEntry.objects.get().seconds == 8 * 2700


def test_attendance_that_is_sent_twice_from_one_page_is_entered_once(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    school.paid(training_class.pk, school.person())
    seat = Participant.objects.get()
    path = reverse("courses:attendance", "config.urls_tenant", args=[training_class.pk])
    teacher = acting(school.teacher)
    token = re.search(r'name="form_token" value="([^"]+)"', teacher.get(path).text)
    assert token is not None
    sheet = {"day": school.day.isoformat(), "class_hours": "2", "why": "签到表", "people": [str(seat.pk)]}
    sheet["form_token"] = token[1]
    assert teacher.post(path, sheet | {"why": "无"}).status_code == 422
    first, again = teacher.post(path, sheet), teacher.post(path, sheet)
    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert [row.seconds for row in HourEntry.objects.all()] == [2 * 2700]
    assert teacher.post(path, sheet | {"class_hours": "1"}).status_code == 302, "other hours are another entry"
    assert sum(row.seconds for row in HourEntry.objects.all()) == 3 * 2700


def test_a_correction_goes_by_two_people(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    school.paid(training_class.pk, school.person())
    seat = Participant.objects.get()
    teacher, desk = acting(school.teacher), acting(school.registrar)
    form = {"day": school.day.isoformat(), "minutes": "45", "why": "设备故障"}
    assert teacher.post(f"/staff/participants/{seat.pk}/corrections/", form | {"minutes": "0"}).status_code == 422
    assert teacher.post(f"/staff/participants/{seat.pk}/corrections/", form).status_code == 302
    row = Correction.objects.get()
    assert teacher.get(f"/staff/corrections/{row.pk}/").status_code == 403
    assert "设备故障" in desk.get(f"/staff/corrections/{row.pk}/").text
    assert desk.post(f"/staff/corrections/{row.pk}/", {"decision": "approve", "why": "核对签到表"}).status_code == 302
    assert "45" in desk.get(f"/staff/participants/{seat.pk}/hours/").text
    assert HourEntry.objects.get().kind == "correction"


def test_a_class_starts_and_closes_from_its_page(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    desk = acting(school.registrar)
    assert desk.post(f"/staff/classes/{training_class.pk}/closing/").status_code == 409
    assert desk.post(f"/staff/classes/{training_class.pk}/start/").status_code == 302
    assert desk.post(f"/staff/classes/{training_class.pk}/closing/").status_code == 302
    training_class.refresh_from_db()
    assert training_class.state == "closed"


def test_an_act_that_is_clicked_twice_is_done_once_and_answered_twice_alike(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    desk = acting(school.registrar)
    page = desk.get(f"/staff/classes/{training_class.pk}/").text
    token = re.search(rf'{training_class.pk}/start/".*?name="form_token" value="([^"]+)"', page, re.DOTALL)
    assert token
    answers = [desk.post(f"/staff/classes/{training_class.pk}/start/", {"form_token": token[1]}) for _click in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [
        (302, f"/staff/classes/{training_class.pk}/")
    ] * 2
    training_class.refresh_from_db()
    assert training_class.state == "running"


def heartbeat(client: Any, opened: Any, nonce: str, seconds: Any = 15) -> Any:
    body = json.dumps({"nonce": nonce, "seconds": seconds, "position": 7})
    return client.post(opened["heartbeats"], body, content_type="application/json")


def test_before_the_class_begins_the_way_to_learn_leads_to_its_first_day_and_into_no_refusal(
    school: Any, acting: Any
) -> None:
    person = school.person()
    training_class = school.open_class(starts_on=school.day + timedelta(days=7))
    school.paid(training_class.pk, person)
    lesson, first = Lesson.objects.get(kind="document"), (school.day + timedelta(days=7)).isoformat()
    desk = acting(person).get("/my/")
    assert first in desk.text
    for path in (f"/my/classes/{training_class.pk}/", f"/my/lessons/{lesson.pk}/"):
        page = acting(person).get(path)
        assert (page.status_code, first in page.text, "<nx-lesson" in page.text) == (200, True, False), path
    assert f"/my/lessons/{lesson.pk}/" not in acting(person).get(f"/my/classes/{training_class.pk}/").text


def test_a_trainee_learns_and_hears_what_was_credited(school: Any, acting: Any) -> None:
    person = school.person()
    training_class = school.open_class()
    school.paid(training_class.pk, person)
    lesson = Lesson.objects.get(kind="document")
    page = acting(person).get(f"/my/classes/{training_class.pk}/")
    assert f"/my/lessons/{lesson.pk}/" in page.text
    assert "<nx-lesson" in acting(person).get(f"/my/lessons/{lesson.pk}/").text
    opened = acting(person).post(f"/my/lessons/{lesson.pk}/sessions/")
    assert (opened.status_code, opened.json()["every"]) == (201, 15)
    later = acting(person, school.at + timedelta(seconds=15))
    answer = heartbeat(later, opened.json(), opened.json()["nonce"])
    body = answer.json()
    assert (answer.status_code, body["credited"], body["stop"]) == (200, 15, "")
    assert body["lesson"] == {"seconds": 3600, "credited": 15}
    assert body["hours"] == {"credited": 0.0, "required": 40, "complete": False}
    assert later.post(opened.json()["ending"]).status_code == 204
    over = heartbeat(later, opened.json(), body["nonce"])
    assert (over.status_code, over.json()["code"]) == (409, "learning-ended")
    assert 'data-position="7"' in acting(person).get(f"/my/lessons/{lesson.pk}/").text


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"nonce": 1}', '{"seconds": -1}', '{"seconds": true}', '{"seconds": 1e9}']
)
def test_a_heartbeat_that_makes_no_sense_is_answered_with_a_problem(school: Any, acting: Any, body: str) -> None:
    person = school.person()
    school.paid(school.open_class().pk, person)
    opened = acting(person).post(f"/my/lessons/{Lesson.objects.get(kind='document').pk}/sessions/").json()
    answer = acting(person).post(opened["heartbeats"], body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not HourEntry.objects.exists()


def test_who_is_not_in_the_class_finds_nothing(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    lesson = Lesson.objects.get(kind="document")
    stranger = acting(school.person())
    for path in (f"/my/classes/{training_class.pk}/", f"/my/lessons/{lesson.pk}/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/my/lessons/{lesson.pk}/sessions/").status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_a_class_page_asks_as_much_for_one_as_for_three(
    school: Any, acting: Any, people: int, django_assert_max_num_queries: Any
) -> None:
    training_class = school.open_class()
    for name in ("演示甲", "演示乙", "演示丙")[:people]:
        school.paid(training_class.pk, school.person(name))
    client = acting(school.registrar)
    with django_assert_max_num_queries(16):
        assert client.get(f"/staff/classes/{training_class.pk}/").status_code == 200


def test_that_the_policy_sets_no_most_of_a_day_is_said_where_hours_are_entered(school: Any, acting: Any) -> None:
    training_class = school.open_class()
    page = acting(school.teacher).get(f"/staff/classes/{training_class.pk}/attendance/").text
    assert "政策未规定每日学时上限；本平台每天至多登记 16 学时" in page
