"""What anybody, the holder, the authority and the institution see of certificates."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest

from kernel import later
from kernel.access import Actor
from kernel.idnumbers import mask_id
from shared.certificates.models import Certificate
from shared.certificates.operations import corrections as certificate_corrections
from support.shared_forms import made_from

Act = Callable[..., Any]
Make = Callable[..., Actor]


def _text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_anybody_sees_what_a_certificate_says_with_its_holder_masked(issued: Certificate, visit: Any) -> None:
    response = visit().get(f"/verify/{issued.token}/")
    page = _text(response)
    version = issued.versions.get()
    for words in (
        "有效",
        "JX-TEST-26-0001",
        "演**员",
        "360***********",
        "土建施工员",
        "演示培训学校甲",
        "2026年3月3日",
        version.sha256[:16],
    ):
        assert words in page, words
    for secret in ("演示学员", issued.person.id_number.reveal(), version.sha256[:17]):
        assert secret not in page
    assert (response["X-Robots-Tag"], response["Cache-Control"]) == ("noindex, nofollow", "no-store")
    assert 'name="robots" content="noindex' in page


def test_the_page_is_english_for_who_reads_english(issued: Certificate, visit: Any) -> None:
    client = visit()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = _text(client.get(f"/verify/{issued.token}/"))
    for words in ("Valid", "Construction Officer, Civil Works", "Verified certificate"):
        assert words in page


def test_a_revoked_certificate_says_so_with_its_ground_and_names_no_officer(
    issued: Certificate, officer: Actor, visit: Any, at: Any
) -> None:
    certificate_corrections.revoke(certificate_id=issued.pk, ground="falsified", remark="张某代考", by=officer, at=at)
    page = _text(visit().get(f"/verify/{issued.token}/"))
    for words in ("已撤销", "培训或测试弄虚作假", "南昌市住房和城乡建设局"):
        assert words in page
    for secret in ("张某代考", officer.name):
        assert secret not in page


def test_a_corrected_certificate_lists_its_versions(issued: Certificate, officer: Actor, visit: Any, at: Any) -> None:
    certificate_corrections.correct(
        certificate_id=issued.pk,
        holder="演示学元",
        institution="演示培训学校甲",
        issued_on=issued.issued_on,
        reason="原姓名演示学员有误",
        by=officer,
        at=at,
    )
    page = _text(visit().get(f"/verify/{issued.token}/"))
    for words in ("演**元", "现行版本", "被替代", "证书更正"):
        assert words in page
    assert "原姓名" not in page


@pytest.mark.parametrize("token", ["x", "A" * 27, "../../etc"])
def test_an_unknown_token_finds_nothing(public_db: None, visit: Any, token: str) -> None:
    assert visit().get(f"/verify/{token}/").status_code == 404


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "查无此证"), ("en", "No such certificate")])
def test_a_forged_code_gets_a_face_that_says_so(public_db: None, visit: Any, language: str, words: str) -> None:
    answer = visit().get(f"/verify/{'A' * 27}/", headers={"Accept-Language": language})
    assert (answer.status_code, words in answer.content.decode()) == (404, True)
    assert 'href="/verify/"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_what_has_no_number_cannot_be_verified(ask: Callable[..., Certificate], ministry: Any, visit: Any) -> None:
    row = ask()
    assert visit().get(f"/verify/{row.token}/").status_code == 404


@pytest.mark.parametrize("number", ["JX-TEST-26-0001", " jx-test-26-0001 ", "ＪＸ－ＴＥＳＴ－２６－０００１"])
def test_number_and_name_lead_to_the_page(issued: Certificate, visit: Any, number: str) -> None:
    response = visit().post("/verify/", {"number": number, "name": "演示学员"})
    assert (response.status_code, response["Location"]) == (302, f"/verify/{issued.token}/")


@pytest.mark.parametrize(
    "typed",
    [{"number": "JX-TEST-26-0001", "name": "别人"}, {"number": "JX-TEST-26-0002", "name": "演示学员"}],
)
def test_one_without_the_other_finds_nothing_and_the_answer_is_the_same(
    issued: Certificate, visit: Any, typed: Any
) -> None:
    response = visit().post("/verify/", typed)
    assert response.status_code == 422
    assert "没有同时符合该编号和姓名的证书" in _text(response)


def test_an_empty_form_is_told_at_its_fields(public_db: None, visit: Any) -> None:
    response = visit().post("/verify/", {})
    assert response.status_code == 422
    assert _text(response).count('class="invalid-feedback"') == 2


def test_numbers_cannot_be_counted_through(issued: Certificate, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.certificates.views.TYPED_A_MINUTE", 3)
    client = visit()
    codes = [client.post("/verify/", {"number": f"JX-{n}", "name": "某"}).status_code for n in range(5)]
    assert codes == [422] * 3 + [429] * 2
    assert client.get(f"/verify/{issued.token}/").status_code == 200


def test_machines_get_the_same_with_an_etag(issued: Certificate, visit: Any, asked: Any) -> None:
    client = visit()
    with asked(5):
        response = client.get(f"/api/v1/certificates/{issued.token}/")
    data = response.json()
    assert (data["number"], data["holder"], data["valid"], data["state"]) == (
        "JX-TEST-26-0001",
        "演**员",
        True,
        "issued",
    )
    assert data["id_number"] == mask_id(issued.person.id_number.reveal())
    assert client.get(f"/api/v1/certificates/{issued.token}/", HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304
    missing = client.get("/api/v1/certificates/nothing/")
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")


def test_machines_are_slowed_down(issued: Certificate, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.certificates.rest.CALLS_A_MINUTE", 3)
    client = visit()
    answers = [client.get(f"/api/v1/certificates/{issued.token}/") for _n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "too-many-lookups"


# --- The holder -------------------------------------------------------------------------------------


def test_the_holder_finds_and_downloads_the_certificate(issued: Certificate, holder: Actor, acting: Act) -> None:
    client = acting(holder)
    page = _text(client.get("/account/certificates/"))
    assert "JX-TEST-26-0001" in page
    assert f"/verify/{issued.token}/" in page
    response = client.post(f"/account/certificates/{issued.pk}/copies/")
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "no-store")
    whole = "".join(p.extract_text() for p in pypdf.PdfReader(BytesIO(response.content)).pages)
    assert issued.person.id_number.reveal() in whole
    link = client.get(f"/certificates/{issued.pk}/pdf")["Location"]
    content = client.get(link).content
    assert issued.person.id_number.reveal() not in "".join(
        p.extract_text() for p in pypdf.PdfReader(BytesIO(content)).pages
    )


def test_somebody_elses_certificates_are_not_there(issued: Certificate, as_actor: Make, acting: Act) -> None:
    client = acting(as_actor(level=1))
    assert "JX-TEST-26-0001" not in _text(client.get("/account/certificates/"))
    assert client.post(f"/account/certificates/{issued.pk}/copies/").status_code == 404
    assert client.get(f"/certificates/{issued.pk}/pdf").status_code == 404


def test_an_officer_without_a_second_factor_is_given_no_document(
    issued: Certificate, acting: Act, as_actor: Make
) -> None:
    path = f"/certificates/{issued.pk}/pdf"
    strong, weak = (as_actor("city_officer", scope="360100", level=level) for level in (2, 1))
    assert acting(strong).get(path).status_code == 302
    assert acting(weak).get(path).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(issued: Certificate, visit: Any) -> None:
    for path in ("/account/certificates/", f"/certificates/{issued.pk}/pdf", "/authority/certificates/"):
        response = visit().get(path)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/sign-in/")


def test_an_empty_list_says_what_will_come(person: Any, holder: Actor, acting: Act) -> None:
    assert "还没有证书" in _text(acting(holder).get("/account/certificates/"))


# --- The authority ------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 3])
def test_the_officers_list_asks_the_same_however_long_it_is(
    ask: Callable[..., Certificate], ministry: Any, officer: Actor, acting: Act, asked: Any, many: int
) -> None:
    for n in range(many):
        ministry.gives(ask(position=("SGY-TJ", "SGY-ZS", "SGY-SB")[n]), f"JX-TEST-26-00{n}")
    later.drain()
    client = acting(officer)
    client.get("/authority/certificates/")
    with asked(5):
        response = client.get("/authority/certificates/")
    assert _text(response).count("演**员") == many


def test_the_officers_list_is_narrowed(issued: Certificate, officer: Actor, acting: Act) -> None:
    client = acting(officer)
    for query, count in [
        ("search=JX-TEST", 1),
        ("search=演示学员", 1),
        ("search=演示", 0),
        ("institution=学校甲", 1),
        ("institution=学校乙", 0),
        ("state=revoked", 0),
        ("position=SGY-TJ", 1),
        ("position=NOPE", 1),
    ]:
        assert _text(client.get(f"/authority/certificates/?{query}")).count("演**员") == count, query


def test_an_officer_of_another_authority_sees_nothing(issued: Certificate, as_actor: Make, acting: Act) -> None:
    client = acting(as_actor("city_officer", scope="360200"))
    assert "JX-TEST-26-0001" not in _text(client.get("/authority/certificates/"))
    for path in ("", "correction/"):
        assert client.get(f"/authority/certificates/{issued.pk}/{path}").status_code == 404
    for path in ("correction/", "revocation/", "report/"):
        assert client.post(f"/authority/certificates/{issued.pk}/{path}", {}).status_code in (404, 422)
    issued.refresh_from_db()
    assert (issued.state, issued.version) == ("issued", 1)


def test_an_inspector_looks_and_changes_nothing(issued: Certificate, as_actor: Make, acting: Act) -> None:
    client = acting(as_actor("inspector", scope="360100"))
    page = _text(client.get(f"/authority/certificates/{issued.pk}/"))
    assert "revocation/" not in page
    assert client.get(f"/authority/certificates/{issued.pk}/correction/").status_code == 403
    assert (
        client.post(
            f"/authority/certificates/{issued.pk}/revocation/", {"ground": "mistake", "remark": "演示"}
        ).status_code
        == 403
    )


def test_an_officer_corrects_on_the_page(issued: Certificate, officer: Actor, acting: Act) -> None:
    client = acting(officer)
    path = f"/authority/certificates/{issued.pk}/correction/"
    assert 'value="演示学员"' in _text(client.get(path))
    typed = {"holder": "演示学元", "institution": "演示培训学校甲", "issued_on": "2026-03-03", "reason": "用字更正"}
    typed |= made_from(client, path)
    assert client.post(path, typed).status_code == 302
    page = _text(client.get(f"/authority/certificates/{issued.pk}/"))
    for words in ("演示学元", "用字更正", "被替代"):
        assert words in page
    again = client.post(path, typed)
    assert (again.status_code, "没有变化" in _text(again)) == (422, True)


def test_an_older_page_does_not_take_back_what_another_officer_corrected(
    issued: Certificate, officer: Actor, acting: Act
) -> None:
    client = acting(officer)
    path = f"/authority/certificates/{issued.pk}/correction/"
    seen = made_from(client, path)
    old = {
        "holder": "演示学员",
        "institution": "演示培训学校甲",
        "issued_on": "2026-03-03",
        "reason": "用字更正",
    } | seen
    assert client.post(path, old | {"holder": "演示学元"}).status_code == 302
    assert client.post(path, old | {"issued_on": "2026-03-04"}).status_code == 302
    issued.refresh_from_db()
    assert (issued.holder, issued.issued_on.isoformat(), issued.version) == ("演示学元", "2026-03-04", 3)
    answer = client.post(path, old | {"holder": "演示学圆"})
    assert (answer.status_code, "演示学元" in _text(answer), "演示学圆" in _text(answer)) == (422, True, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "is-invalid"),
        ({"ground": "whim", "remark": "演示"}, "whim"),
        ({"ground": "mistake", "remark": "x" * 301}, "300"),
    ],
)
def test_a_bad_revocation_is_told_at_its_field(
    issued: Certificate, officer: Actor, acting: Act, typed: Any, words: str
) -> None:
    response = acting(officer).post(f"/authority/certificates/{issued.pk}/revocation/", typed)
    assert response.status_code == 422
    assert words in _text(response)
    issued.refresh_from_db()
    assert issued.state == "issued"


def test_an_officer_revokes_on_the_page(issued: Certificate, officer: Actor, acting: Act) -> None:
    client = acting(officer)
    assert (
        client.post(
            f"/authority/certificates/{issued.pk}/revocation/", {"ground": "mistake", "remark": "决定1号"}
        ).status_code
        == 302
    )
    page = _text(client.get(f"/authority/certificates/{issued.pk}/"))
    assert "决定1号" in page
    assert "revocation/" not in page


def test_a_refused_result_is_shown_and_reported_again(
    ask: Callable[..., Certificate], ministry: Any, officer: Actor, acting: Act
) -> None:
    row = ask()
    ministry.report_answer = (422, {"detail": "身份信息不符"})
    later.drain()
    client = acting(officer)
    assert "有 1 条结果未被部管理信息系统接收" in _text(client.get("/authority/certificates/"))
    assert "身份信息不符" in _text(client.get(f"/authority/certificates/{row.pk}/"))
    assert client.post(f"/authority/certificates/{row.pk}/report/", {"remark": "已更正"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "requested"


# --- The institution ------------------------------------------------------------------------------------


def test_the_staff_see_their_own_trainees_only(
    issued: Certificate, institutions: Any, as_actor: Make, acting: Act
) -> None:
    alpha, beta = institutions
    mine = acting(as_actor("registrar", scope=str(alpha.organisation_id)), "alpha").get("/staff/certificates/")
    other = acting(as_actor("registrar", scope=str(beta.organisation_id)), "beta").get("/staff/certificates/")
    assert ("JX-TEST-26-0001" in _text(mine), "JX-TEST-26-0001" in _text(other)) == (True, False)
    stranger = acting(as_actor("registrar", scope=str(beta.organisation_id)), "alpha").get("/staff/certificates/")
    assert stranger.status_code == 403


@pytest.mark.parametrize("dot", "•・‧･．∙⋅")
def test_a_holder_of_a_name_of_many_parts_is_found_with_any_dot(
    issued: Certificate, officer: Actor, at: Any, visit: Any, dot: str
) -> None:
    certificate_corrections.correct(
        certificate_id=issued.pk,
        holder="买买提·艾力",
        institution="演示培训学校甲",
        issued_on=date(2026, 3, 3),
        reason="姓名用字更正",
        by=officer,
        at=at,
    )
    typed = {"number": "\u202dJX–TEST–26–0001", "name": f" 买买提{dot}艾 力\u200b"}
    response = visit().post("/verify/", typed)
    assert (response.status_code, response["Location"]) == (302, f"/verify/{issued.token}/")
