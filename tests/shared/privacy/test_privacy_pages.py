"""The pages of the operator and of the desks, opened and used."""

import io
from datetime import datetime
from typing import Any

import pyotp
import pytest
from openpyxl import load_workbook

from kernel.access import SYSTEM
from shared.identity.operations import accounts, people
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import accounts as account_queries
from shared.privacy.models.breaches import Breach
from shared.privacy.models.processing import Assessment, Entrusting
from shared.privacy.models.rights import Correction
from shared.privacy.operations import erasing
from shared.privacy.queries import subject_data

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def enter(holder: Any, visit: Any, at: datetime) -> Any:
    """A client signed in with a second factor: `enter(("platform_operator", ""))`."""

    def go(*roles: tuple[str, str]) -> Any:
        actor = holder(*roles)
        accounts.set_totp(account_id=actor.account_id, secret=SECRET, by=SYSTEM, at=at)
        client = visit()
        mobile = account_queries.contact_of(account_queries.account(actor.account_id)).mobile
        client.post("/account/login/", {"login": mobile, "password": "correct-horse-9"})
        client.post("/account/2fa/authenticate/", {"code": pyotp.TOTP(SECRET).now()})
        return client

    return go


DESK = [
    "",
    "assessments/",
    "entrusted/",
    "texts/",
    "reveals/",
    "deletions/",
]


def test_every_page_of_the_operator_opens_in_both_languages(enter: Any, at: datetime) -> None:
    client = enter(("platform_operator", ""))
    for language in ("zh-hans", "en"):
        for path in [f"/operator/personal-data/{p}" for p in DESK] + [
            "/operator/incidents/",
            "/authority/data-corrections/",
            "/authority/data-incidents/new/",
        ]:
            assert client.get(path, headers={"Accept-Language": language}).status_code == 200, path


def test_the_records_of_processing_can_be_taken_away_as_a_sheet(enter: Any, at: datetime) -> None:
    client = enter(("platform_operator", ""))
    download = client.get("/operator/personal-data/export.xlsx")
    book = load_workbook(io.BytesIO(download.content))
    fields = {row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
    assert {"identity.person.id_number", "rosters.enrolment.person_name", "attempts.answerlog.choice"} <= fields
    assert len(book.worksheets) == 4


def test_assessments_and_entrusted_parties_are_entered_and_kept_three_years(enter: Any, at: datetime) -> None:
    client = enter(("platform_operator", ""))
    form = {"title": "人脸比对", "necessity": "必要", "risks": "误识", "measures": "可人工核对", "kind": "sensitive"}
    days = {"made_on": "2026-01-05", "valid_until": "2028-02-29"}
    assert client.post("/operator/personal-data/assessments/", form | days).status_code == 302
    assert str(Assessment.objects.get().keep_until) == "2031-03-01"
    refusal = client.post(
        "/operator/personal-data/assessments/", form | {"made_on": "2026-01-05", "valid_until": "2026-01-05"}
    )
    assert (refusal.status_code, Assessment.objects.count()) == (422, 1)
    party = {"party": "演示短信公司", "purpose": "发送", "kinds": "手机号", "protection": "加密", "contract_no": "演1"}
    client.post("/operator/personal-data/entrusted/", party | {"begins_on": "2026-01-01"})
    assert Entrusting.objects.get().party == "演示短信公司"


def test_an_incident_goes_its_whole_way_on_its_page(enter: Any, at: datetime) -> None:
    client = enter(("platform_operator", ""))
    client.post(
        "/authority/data-incidents/new/",
        {"title": "名单发错群", "words": "花名册发到外部群", "noticed_at": "2026-03-02T08:00"},
    )
    path = f"/operator/incidents/{Breach.objects.get().pk}/"
    step(client, path, "classify", severity="low", kinds="姓名", people="3")
    step(client, path, "contain", why="撤回并确认删除")
    refusal = step(client, path, "close", why="已处理完毕")
    assert (refusal.status_code, Breach.objects.get().state) == (422, "contained")
    other = enter(("province_officer", "360000"))
    assert step(other, path, "close", why="已处理完毕").status_code == 302
    assert Breach.objects.get().state == "closed"


def _seen(client: Any, path: str) -> str:
    """Return what the steps on an incident's page were made from."""
    return str(client.get(path).context["steps"]["close"].initial["made_from"])


def step(client: Any, path: str, act: str, seen: str = "", **entered: str) -> Any:
    """Take a step on an incident's page, as it is now or as it was `seen`."""
    fields = {f"{act}-{name}": value for name, value in entered.items()}
    return client.post(path, fields | {"act": act, f"{act}-made_from": seen or _seen(client, path)})


def test_of_two_who_look_after_an_incident_neither_s_step_is_taken_on_what_the_other_has_changed(enter: Any) -> None:
    one, other = enter(("platform_operator", "")), enter(("province_officer", "360000"))
    report = {"title": "名单发错群", "words": "花名册发到外部群", "noticed_at": "2026-03-02T08:00"}
    one.post("/authority/data-incidents/new/", report)
    path = f"/operator/incidents/{Breach.objects.get().pk}/"
    seen = _seen(one, path)
    assert step(one, path, "classify", severity="low", kinds="姓名", people="3").status_code == 302
    answer = step(other, path, "classify", seen, severity="high", kinds="姓名、银行卡", people="300")
    row = Breach.objects.get()
    assert (answer.status_code, row.severity, row.people) == (422, "low", 3)
    text = answer.content.decode()
    for words in ("姓名、银行卡", "300", "他人已保存：3"):
        assert words in text, words
    seen = _seen(one, path)
    moment = {"happened_at": "2026-03-02T08:30", "recipients": ""}
    assert step(other, path, "note", kind="found", words="还有银行卡号", **moment).status_code == 302
    answer = step(one, path, "dismiss", seen, why="未涉及个人信息")
    assert (answer.status_code, "还有银行卡号" in answer.content.decode()) == (422, True)
    answer = step(one, path, "contain", why="撤回并确认删除")
    seen = _seen(one, path)
    assert step(one, path, "note", kind="found", words="另一个群也有", **moment).status_code == 302
    assert step(other, path, "close", seen, why="已处理完毕").status_code == 422
    assert Breach.objects.get().state == "contained"
    assert step(other, path, "close", why="已处理完毕").status_code == 302


def test_an_officer_decides_a_correction_and_the_person_reads_the_reason(
    enter: Any, person: Any, visit: Any, at: datetime
) -> None:
    me = person()
    client = visit()
    client.post(
        "/account/login/",
        {
            "login": account_queries.contact_of(account_queries.account(me.account_id)).mobile,
            "password": "correct-horse-9",
        },
    )
    client.post("/account/privacy/corrections/", {"field": "name", "wanted": "李晓璐", "words": "", "desk": ""})
    row = Correction.objects.get()
    officer = enter(("province_officer", "360000"))
    path = f"/authority/data-corrections/{row.pk}/"
    assert "李晓璐" in officer.get(path).content.decode()
    assert officer.post(path, {"act": "accept", "reason": ""}).status_code == 422
    assert officer.post(path, {"act": "accept", "reason": "查验户口本"}).status_code == 302
    assert "查验户口本" in client.get("/account/privacy/corrections/").content.decode()


def test_looks_at_whole_numbers_are_shown_to_the_person_and_to_the_operator_only(
    enter: Any, person: Any, as_actor: Any, visit: Any, at: datetime
) -> None:
    me, other = person(), person("王他人")
    officer = as_actor("province_officer", scope="360000", name="演示经办")
    people.reveal_id_number(person_id=me.person_id, by=officer, reason="核对上报材料", at=at)
    looks = subject_data.reveals(person_id=me.person_id)
    assert [(look.actor_name, look.why) for look in looks] == [("演示经办", "核对上报材料")]
    assert subject_data.reveals(person_id=other.person_id) == []
    assert "核对上报材料" in enter(("platform_operator", "")).get("/operator/personal-data/reveals/").content.decode()


def test_the_platform_s_own_looks_at_numbers_are_told_in_the_reader_s_language(
    enter: Any, person: Any, at: datetime
) -> None:
    reason = "printed on the holder's own certificate"
    people.reveal_id_number(person_id=person().person_id, by=SYSTEM, reason=reason, at=at)
    shown = enter(("platform_operator", "")).get("/operator/personal-data/reveals/").content.decode()
    assert "打印在持证人本人的证书上" in shown
    assert ">system<" not in shown
    assert "printed on" not in shown


def test_what_is_held_is_asked_in_a_fixed_number_of_queries(person: Any, asks: Any, at: datetime) -> None:
    me = person()

    def ask() -> None:
        subject_data.subject_rows(account_id=me.account_id, person_id=me.person_id, whole=False, side="shared", at=at)

    first = asks(ask)
    for kind in ("face", "health", "id_scan"):
        identity_consents.give_consent(kind=kind, account_id=me.account_id, by=me, at=at)
    ask_again = asks(ask)
    assert first == ask_again == 29


def test_nobody_else_opens_the_operators_pages(person: Any, visit: Any, at: datetime) -> None:
    me = person()
    client = visit()
    client.post(
        "/account/login/",
        {
            "login": account_queries.contact_of(account_queries.account(me.account_id)).mobile,
            "password": "correct-horse-9",
        },
    )
    assert {client.get(f"/operator/personal-data/{p}").status_code for p in DESK} == {403}
    assert erasing.persons_on_hold() == frozenset()


def test_what_a_cell_holds_in_parts_is_shown_by_the_parts_that_say_something() -> None:
    held = {"url": "/my/", "class": {"name": "夏季班", "room": None}, "days": [1, 2], "why": ""}
    assert subject_data._in_words(held) == "/my/ · 夏季班 · 1 · 2"
    assert subject_data._in_words({}) == ""
