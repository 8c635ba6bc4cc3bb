"""The pages of tests, for the desk, for proctors, for trainees, for strangers."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from kernel import clock, tenancy
from kernel.fields import uuid7
from shared.rankings.models import Rating
from support.shared_forms import made_from
from support.sittings import World
from tenants.attempts.methods import timing as timing_methods
from tenants.attempts.methods import tokens as token_methods
from tenants.attempts.models.answers import AnswerLog
from tenants.attempts.models.attempts import Attempt
from tenants.attempts.operations import attempts, conduct, interventions
from tenants.attempts.queries import attempts as attempt_queries
from tenants.sittings.models.sittings import Candidacy, Room, Sitting
from tenants.sittings.states import SittingState

MINUTE = timedelta(minutes=1)


@pytest.fixture
def at_desk(world: World, visit: Callable[..., Client]) -> Client:
    return world.signed_in(visit("alpha"), world.registrar)


def test_a_room_is_added_and_taken_out_of_use(world: World, at_desk: Client) -> None:
    response = at_desk.post("/staff/rooms/", {"name": "第二考场", "place": "四层", "seats": "20"})
    assert (response.status_code, response["Location"]) == (302, "/staff/rooms/")
    room = Room.objects.get(name="第二考场")
    assert "第二考场" in at_desk.get("/staff/rooms/").content.decode()
    at_desk.post(f"/staff/rooms/{room.pk}/withdrawal/")
    assert "第二考场" not in at_desk.get("/staff/rooms/").content.decode()


def test_a_name_taken_twice_is_said_at_the_field(world: World, at_desk: Client) -> None:
    response = at_desk.post("/staff/rooms/", {"name": "第一考场", "place": "x", "seats": "0"})
    assert response.status_code == 422
    response = at_desk.post("/staff/rooms/", {"name": "第一考场", "place": "x", "seats": "5"})
    assert response.status_code == 422
    assert response.context["form"].errors["name"]
    assert Room.objects.count() == 1


def test_a_sitting_is_planned_filled_and_filed_in_the_browser(world: World, at_desk: Client) -> None:
    form = {
        "position": "SGY-TJ",
        "room": str(world.room.pk),
        "starts_at": "2026-03-03T09:00",
        "chief": str(world.chief.account_id),
        "proctors": [str(world.proctor.account_id)],
    }
    response = at_desk.post("/staff/sittings/new/", form)
    sitting = Sitting.objects.get()
    assert response["Location"] == f"/staff/sittings/{sitting.pk}/"
    assert sitting.starts_at == world.starts_at
    page = at_desk.get(f"/staff/sittings/{sitting.pk}/candidates/").content.decode()
    assert world.people[0].name in page
    chosen = {"enrolments": [str(row.pk) for row in world.enrolments[:2]]}
    assert at_desk.post(f"/staff/sittings/{sitting.pk}/candidates/", chosen).status_code == 302
    gone = Candidacy.objects.get(person_id=world.people[1].pk)
    at_desk.post(f"/staff/candidacies/{gone.pk}/removal/")
    assert at_desk.post(f"/staff/sittings/{sitting.pk}/filing/").status_code == 302
    sitting.refresh_from_db()
    assert (sitting.state, sitting.candidacies.count()) == (SittingState.FILED, 1)
    assert sitting.number in at_desk.get("/staff/sittings/").content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_at": "2026-03-01T09:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"position": "none"}, "position"),
        ({"proctors": []}, "proctors"),
        ({"chief": ""}, "chief"),
    ],
)
def test_what_cannot_be_planned_is_said_at_the_field(world: World, at_desk: Client, changed: Any, field: str) -> None:
    form = {
        "position": "SGY-TJ",
        "room": str(world.room.pk),
        "starts_at": "2026-03-03T09:00",
        "chief": str(world.chief.account_id),
        "proctors": [str(world.proctor.account_id)],
    }
    response = at_desk.post("/staff/sittings/new/", form | changed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Sitting.objects.count() == 0


def test_who_is_not_ready_cannot_be_chosen_and_the_page_says_why(world: World, at_desk: Client) -> None:
    late = world.enrol(1, learnt=False)[0]
    sitting = world.schedule()
    url = f"/staff/sittings/{sitting.pk}/candidates/"
    page = at_desk.get(url).content.decode()
    assert world.people[3].name in page
    assert f'value="{late.pk}"' not in page
    assert at_desk.post(url, {"enrolments": [str(late.pk)]}).status_code == 422
    assert sitting.candidacies.count() == 0


def test_the_day_of_the_test_in_the_browser(world: World, visit: Callable[..., Client], at_desk: Client) -> None:
    sitting = world.filed(world.enrolments[:1])
    door = sitting.starts_at - 10 * MINUTE
    proctor = world.signed_in(visit("alpha", door), world.proctor)
    chief = world.signed_in(visit("alpha", sitting.starts_at), world.chief)
    base = f"/staff/sittings/{sitting.pk}"
    assert proctor.post(f"{base}/opening/")["Location"] == f"{base}/room/"
    candidacy = world.candidacy_of(sitting)
    assert proctor.post(f"/staff/candidacies/{candidacy.pk}/check-in/").json()["done"] == "check-in"
    assert proctor.post(f"{base}/beginning/").status_code == 403
    assert chief.post(f"{base}/beginning/").status_code == 302
    chief = world.signed_in(visit("alpha", sitting.starts_at + 30 * MINUTE), world.chief)
    page = chief.get(f"{base}/closing/").text
    assert "1" in page
    assert chief.post(f"{base}/closing/").status_code == 422
    assert chief.post(f"{base}/closing/", {"absent": "1"})["Location"] == f"{base}/minutes/"
    assert chief.get(f"{base}/reopening/").status_code == 200
    words = {"text": "一切正常", "signed": "on"} | made_from(chief, f"{base}/minutes/")
    assert chief.post(f"{base}/minutes/", words).status_code == 302
    assert at_desk.get(f"{base}/finalisation/").status_code == 200
    assert at_desk.post(f"{base}/finalisation/").status_code == 302
    sitting.refresh_from_db()
    assert sitting.state == SittingState.FINALISED
    for path in ("/", "/minutes/", "/attendance/", "/incidents/"):
        assert at_desk.get(base + path).status_code == 200


def test_a_refused_move_is_a_page_with_the_reason_and_changes_nothing(world: World, at_desk: Client) -> None:
    sitting = world.schedule()
    response = at_desk.post(f"/staff/sittings/{sitting.pk}/filing/")
    assert response.status_code == 409
    assert at_desk.post(f"/staff/sittings/{sitting.pk}/finalisation/").status_code == 409
    sitting.refresh_from_db()
    assert sitting.state == SittingState.DRAFT


def test_a_cancellation_needs_its_reason(world: World, at_desk: Client) -> None:
    sitting = world.filed(world.enrolments[:1])
    url = f"/staff/sittings/{sitting.pk}/cancellation/"
    assert at_desk.get(url).status_code == 200
    assert at_desk.post(url, {"reason": ""}).status_code == 422
    assert at_desk.post(url, {"reason": "停电"}).status_code == 302
    sitting.refresh_from_db()
    assert sitting.state == SittingState.CANCELLED


def test_a_proctor_sees_only_the_sittings_they_watch_over(world: World, visit: Callable[..., Client]) -> None:
    from support.sittings import staff

    sitting = world.filed(world.enrolments[:1])
    own = world.signed_in(visit("alpha"), world.proctor)
    other = world.signed_in(visit("alpha"), staff("别场", "proctor", str(world.institution.organisation_id), world.at))
    assert sitting.number in own.get("/staff/sittings/").content.decode()
    assert sitting.number not in other.get("/staff/sittings/").content.decode()
    for path in ("", "minutes/", "incidents/", "attendance/", "room/", "room.json"):
        assert other.get(f"/staff/sittings/{sitting.pk}/{path}").status_code == 404 or path == "room.json"
    assert other.get(f"/staff/sittings/{sitting.pk}/room.json").status_code == 403
    assert own.get("/staff/sittings/new/").status_code == 403


@pytest.mark.parametrize("path", ["/staff/rooms/", "/staff/sittings/", "/staff/sittings/new/", "/my/tests/"])
def test_strangers_are_sent_to_sign_in(world: World, visit: Callable[..., Client], path: str) -> None:
    assert visit("alpha").get(path)["Location"].startswith("/sign-in/?next=")


def test_staff_without_the_second_factor_and_staff_of_another_house_are_kept_out(
    world: World, beta: Any, visit: Callable[..., Client]
) -> None:
    weak = world.signed_in(visit("alpha"), world.registrar, level=1)
    assert weak.get("/staff/sittings/")["Location"].startswith("/sign-in/?")
    sitting = world.schedule()
    elsewhere = visit("beta")
    with tenancy.open_institution(beta):
        world.signed_in(elsewhere, world.registrar)
        session = elsewhere.session
        session["host"] = "beta.nuoxing.localhost"
        session.save()
    assert elsewhere.get(f"/staff/sittings/{sitting.pk}/").status_code in (403, 404)


def token_in(page: str) -> token_methods.Token:
    found = re.search(r'data-token="([^"]+)"', page)
    assert found is not None
    return token_methods.read_token(found[1], clock.real_now())


def test_the_test_page_carries_a_token_of_a_new_lease_each_time(world: World, visit: Callable[..., Client]) -> None:
    sitting = world.running(world.enrolments[:1])
    client = world.signed_in(visit("alpha", sitting.starts_at), 0)
    attempt = world.attempt_of(sitting)
    url = f"/my/attempts/{attempt.pk}/"
    first, second = (token_in(client.get(url).content.decode()) for _n in range(2))
    assert (first.attempt_id, first.epoch, second.epoch, first.schema) == (attempt.pk, 1, 2, "t_alpha")
    left = first.expires - clock.real_now()
    assert timedelta(hours=2) + token_methods.MOST_ADDED < left <= timedelta(hours=26)
    assert client.get(url)["Cache-Control"].startswith("max-age=0")


def test_a_second_browser_waits_for_the_proctor_and_then_gets_in(world: World, visit: Callable[..., Client]) -> None:
    sitting = world.running(world.enrolments[:1])
    moment = sitting.starts_at
    one, two = (world.signed_in(visit("alpha", moment), 0) for _n in range(2))
    attempt = world.attempt_of(sitting)
    url = f"/my/attempts/{attempt.pk}/"
    token = token_in(one.get(url).content.decode())
    attempts.start_attempt(attempt_id=attempt.pk, epoch=token.epoch, by=world.trainee(0), at=moment)
    waiting = two.get(url).content.decode()
    assert "data-token" not in waiting
    assert 'http-equiv="refresh"' in waiting
    proctor = world.signed_in(visit("alpha", moment), world.proctor)
    assert proctor.post(f"/staff/candidacies/{attempt.candidacy_id}/resume/").status_code == 200
    assert token_in(two.get(url).content.decode()).epoch == 3
    assert "data-token" not in one.get(url).content.decode()


def test_the_result_is_shown_at_once_as_provisional_and_rated_once(world: World, visit: Callable[..., Client]) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    attempts.finish_attempt(
        attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at + MINUTE
    )
    client = world.signed_in(visit("alpha", sitting.starts_at + 2 * MINUTE), 0)
    assert client.get(f"/my/attempts/{attempt.pk}/")["Location"] == f"/my/attempts/{attempt.pk}/score/"
    score = client.get(f"/my/attempts/{attempt.pk}/score/")
    assert (score.context["score"].points, score.context["score"].provisional) == ("0", True)
    assert score.context["retest_until"] == date(2026, 9, 3)  # six months after the test, and the page says the day
    assert "2026年9月3日" in score.text
    url = f"/my/attempts/{attempt.pk}/rating/"
    answers = dict.fromkeys(("hardware", "quality", "attitude", "fees", "teachers"), "5")
    assert client.post(url, answers | {"fees": "9"}).status_code == 422
    with tenancy.open_public():
        assert Rating.objects.count() == 0
    assert client.post(url, answers).status_code == 302
    with tenancy.open_public():
        assert Rating.objects.get().institution_id == world.institution.pk
    assert client.post(url, answers | {"fees": "1"}).status_code == 422
    with tenancy.open_public():
        assert Rating.objects.count() == 1
    assert client.get(f"/my/attempts/{attempt.pk}/score/").context["rated"] is True


def test_another_persons_test_result_ticket_and_rating_are_not_found(
    world: World, visit: Callable[..., Client]
) -> None:
    sitting = world.running(world.enrolments[:2])
    attempt = world.start(sitting, 0)
    attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at)
    other = world.signed_in(visit("alpha", sitting.starts_at), 1)
    candidacy = world.candidacy_of(sitting, 0)
    for path in (
        f"attempts/{attempt.pk}/",
        f"attempts/{attempt.pk}/score/",
        f"attempts/{attempt.pk}/rating/",
        f"tests/{candidacy.pk}/ticket/",
    ):
        assert other.get(f"/my/{path}").status_code == 404
    assert other.get(f"/my/attempts/{uuid7()}/").status_code == 404


def test_a_ticket_says_where_when_and_which_seat(world: World, visit: Callable[..., Client]) -> None:
    sitting = world.filed(world.enrolments[:1])
    client = world.signed_in(visit("alpha"), 0)
    row = world.candidacy_of(sitting)
    page = client.get(f"/my/tests/{row.pk}/ticket/").content.decode()
    for words in (row.ticket_no, "第一考场", str(row.seat), world.people[0].name):
        assert words in page
    assert "alpha-000000" not in page


def test_a_ticket_names_institution_address_and_length_and_carries_a_code_that_a_reader_reads(
    world: World, visit: Callable[..., Client]
) -> None:
    sitting = world.filed(world.enrolments[:1])
    row = world.candidacy_of(sitting)
    answer = world.signed_in(visit("alpha"), 0).get(f"/my/tests/{row.pk}/ticket/")
    facts = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*(.*?)\s*</dd>", answer.content.decode(), re.DOTALL))
    assert (facts["培训机构"], facts["地址"]) == (world.institution.name, answer.context["address"])
    assert facts["地址"] != ""
    assert facts["测试时长"] == f"{answer.context['minutes']} 分钟"
    code = re.search(r'<div class="nx-ticket-code"><svg[^>]* width="(\d+)" height="(\d+)"', answer.content.decode())
    assert code is not None
    assert min(int(code[1]), int(code[2])) >= 120  # pixels of a page: three centimetres, on paper too


def test_no_page_ever_holds_a_key(world: World, visit: Callable[..., Client], at_desk: Client) -> None:
    """Keys are short letters: what is looked for is the word and the reason, which no page needs."""
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    chief = world.signed_in(visit("alpha", sitting.starts_at), world.chief)
    base = f"/staff/sittings/{sitting.pk}"
    for response in (at_desk.get(f"{base}/"), chief.get(f"{base}/room/"), chief.get(f"{base}/room.json")):
        assert response.status_code == 200
        assert '"key"' not in response.content.decode()
    from django.db import connection

    with tenancy.open_institution(world.institution), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 't_alpha'"
            " AND column_name IN ('key', 'keys', 'marked', 'answer_key')"
        )
        assert cursor.fetchall() == []


def test_a_trainee_and_the_staff_are_told_what_waits(world: World, visit: Callable[..., Client]) -> None:
    sitting = world.filed(world.enrolments[:1])
    trainee = world.signed_in(visit("alpha"), 0)
    assert f"/my/tests/{world.candidacy_of(sitting).pk}/ticket/" in trainee.get("/my/").content.decode()
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    attempt = Attempt.objects.get()
    assert f"/my/attempts/{attempt.pk}/" in trainee.get("/my/").content.decode()
    assert f"/my/attempts/{attempt.pk}/" in trainee.get("/my/tests/").content.decode()
    chief = world.signed_in(visit("alpha", sitting.starts_at), world.chief)
    assert f"/staff/sittings/{sitting.pk}/" in chief.get("/staff/").content.decode()
    assert AnswerLog.objects.count() == 0


@pytest.mark.parametrize("sittings", [1, 3])
def test_the_list_of_sittings_takes_the_same_queries_for_one_and_for_three(
    world: World, at_desk: Client, sittings: int, django_assert_num_queries: Any
) -> None:
    for n in range(sittings):
        world.schedule(starts_at=world.starts_at + timedelta(days=n))
    at_desk.get("/staff/sittings/")
    with django_assert_num_queries(6):
        page = at_desk.get("/staff/sittings/").content.decode()
    assert page.count("20260303-01") >= 1


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "生成证书"), ("en", "certificate")])
def test_of_a_score_that_does_not_pass_nothing_says_that_a_certificate_follows(
    world: World, visit: Callable[..., Client], language: str, words: str
) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    attempts.finish_attempt(
        attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at + MINUTE
    )
    client = world.signed_in(visit("alpha", sitting.starts_at + 2 * MINUTE), 0)
    page = client.get(f"/my/attempts/{attempt.pk}/score/", headers={"Accept-Language": language}).content.decode()
    assert page.count("<main") == 1
    assert words not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("day", "offered", "over"), [(datetime(2026, 9, 3, 23, 0), True, False), (datetime(2026, 9, 4, 0, 30), False, True)]
)
def test_a_re_test_is_offered_until_its_last_day_and_then_said_to_be_over(
    world: World, visit: Callable[..., Client], day: datetime, offered: bool, over: bool
) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    attempts.finish_attempt(
        attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at + MINUTE
    )
    client = world.signed_in(visit("alpha", day.replace(tzinfo=clock.CHINA)), 0)
    page = client.get(f"/my/attempts/{attempt.pk}/score/").content.decode()
    assert ("可补测" in page, "补测期限已于 2026年9月3日 届满" in page) == (offered, over)


def test_the_token_of_a_test_page_lives_longer_than_its_clock_can_be_extended(
    world: World, visit: Callable[..., Client]
) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.attempt_of(sitting)
    page = world.signed_in(visit("alpha", sitting.starts_at), 0).get(f"/my/attempts/{attempt.pk}/").content.decode()
    token = token_in(page)
    lives = token.expires - clock.real_now()
    attempts.start_attempt(attempt_id=attempt.pk, epoch=token.epoch, by=world.trainee(0), at=sitting.starts_at)
    attempt, begun = world.attempt_of(sitting), sitting.starts_at
    planned = timing_methods.deadline(attempt_queries.timing(attempt), begun)
    interventions.grant_time(
        candidacy_id=attempt.candidacy_id,
        minutes=600,
        why="停电后补足时间",
        by=world.chief,
        at=sitting.starts_at + MINUTE,
    )
    extended = timing_methods.deadline(attempt_queries.timing(world.attempt_of(sitting)), begun)
    assert planned is not None
    assert extended == planned + token_methods.MOST_ADDED
    assert lives > extended - begun + timedelta(hours=1)  # a hold on top
