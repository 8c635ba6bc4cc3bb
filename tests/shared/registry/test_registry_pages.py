"""A whole life over HTTP, who may open which page, and what bad input is answered with."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from kernel import audit, idnumbers, tenancy
from shared.policy.queries import packs as pack_queries
from shared.policy.values import workdays
from shared.registry.models.commitments import Commitment, Submission
from shared.registry.models.publicity import Objection, PublicNotice
from shared.registry.models.verifications import Check, Verification
from shared.registry.operations import drafts as registry_drafts
from shared.registry.queries import sheets
from shared.registry.queries import todos as registry_todos
from shared.registry.states import Ending
from support.shared_forms import made_from

CODES = ["12360000000000019J", "123604000000000272", idnumbers.make_credit_code("52", "360700", "MJ000099")]

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def _lines(row: Commitment, life: Any, **over: str) -> dict[str, Any]:
    values = {f"line-{key}": value for key, value in life.values(row).items()}
    return values | {"positions": ["CLY"]} | {f"line-{k.replace('_', '-')}": v for k, v in over.items()}


def _findings(row: Commitment, **over: str) -> dict[str, Any]:
    keys = [line.key for line in pack_queries.pack(row.policy).commitment.lines]
    findings = {f"finding-{key}": "true" for key in keys}
    return {"version": row.version} | findings | {f"finding-{k.replace('_', '-')}": v for k, v in over.items()}


def test_a_whole_life_over_http(life: Any, acting: Any, visit: Any) -> None:
    person = acting(life.person)
    applied = person.post("/institutions/apply/", life.form)
    row = Commitment.objects.get()
    home = f"/commitment/{row.pk}/"
    assert (applied.status_code, applied["Location"]) == (302, home)
    principal = acting(life.principal(row))
    assert principal.get("/commitment/").status_code == 200
    seen = made_from(principal, f"{home}lines/")
    saved = principal.post(f"{home}lines/", _lines(row, life) | seen | {"onward": "1"})
    assert saved["Location"] == f"{home}evidence/"
    response = principal.post(f"{home}evidence/", {"key": "tenure", "file": SimpleUploadedFile("租约.pdf", PDF)})
    assert response.status_code == 302
    clauses = [c.key for c in pack_queries.pack(row.policy).commitment.clauses]
    signature = {"accepted": clauses, "signed_name": "演示丁"} | made_from(principal, f"{home}submission/")
    signed = principal.post(f"{home}submission/", signature)
    assert signed["Location"] == home
    row.refresh_from_db()
    officer = acting(life.officer)
    desk = f"/authority/commitments/{row.pk}/"
    assert desk in officer.get("/authority/").content.decode()
    assert officer.post(f"{desk}checks/", _findings(row) | made_from(officer, desk, "checks")).status_code == 302
    opinion = {"version": 1, "opinion": "true", "remark": "", "visited_on": "2026-03-02"}
    opinion |= made_from(officer, desk, "opinion")
    assert officer.post(f"{desk}opinion/", opinion).status_code == 302
    notice = f"/notices/{life.notice(row).pk}/"
    public = visit().get(notice).content.decode()
    assert "还剩 5 个工作日" in public
    assert "租约.pdf" not in public
    words = {"text": "该机构教室为临时租用，与公示不符"}
    assert visit().post(notice, words).status_code == 302
    objection = f"/authority/objections/{Objection.objects.get().pk}/"
    decided = officer.post(objection, {"upheld": "yes", "reason": "经核实租期不足，异议成立"})
    assert decided["Location"] == desk
    assert "经核实租期不足" in visit().get(notice).content.decode()
    row.refresh_from_db()
    assert row.state == "returned"
    assert "改正" in principal.get(home).content.decode()


@pytest.mark.parametrize("tail", ["", "lines/", "evidence/", "submission/"])
def test_a_commitment_opens_to_its_principal_with_a_second_factor_only(life: Any, acting: Any, tail: str) -> None:
    row = life.filled()
    path = f"/commitment/{row.pk}/{tail}"
    weak = life.as_actor("principal", scope=str(row.organisation_id), level=1)
    other = life.as_actor("principal", scope="00000000-0000-7000-8000-00000000000f")
    codes = [acting(who).get(path).status_code for who in (life.principal(row), weak, other, life.officer)]
    assert codes == [200, 302, 404, 403]


def test_an_authoritys_pages_open_to_its_own_and_to_the_province(life: Any, acting: Any) -> None:
    row = life.submitted()
    path = f"/authority/commitments/{row.pk}/"
    who = [("city_officer", "360100"), ("inspector", "360100"), ("province_officer", "360000")]
    who += [("city_officer", "360700"), ("principal", str(row.organisation_id))]
    codes = [acting(life.as_actor(role, scope=scope)).get(path).status_code for role, scope in who]
    assert codes == [200, 200, 200, 404, 403]


def test_a_draft_is_nobodys_business(life: Any, acting: Any) -> None:
    row = life.filled()
    assert acting(life.officer).get(f"/authority/commitments/{row.pk}/").status_code == 404


def test_wrong_facts_come_back_at_their_fields_and_register_nothing(life: Any, acting: Any) -> None:
    wrong = {"credit_code": "12360000000000019K", "mobile": "123", "category": "nope", "division_code": "110000"}
    answer = acting(life.person).post("/institutions/apply/", life.form | wrong)
    form = answer.context["form"]
    assert (answer.status_code, sorted(form.errors)) == (422, ["category", "credit_code", "division_code", "mobile"])
    assert Commitment.objects.count() == 0


def test_a_code_that_is_registered_is_said_at_the_field(life: Any, acting: Any) -> None:
    life.apply()
    answer = acting(life.person).post("/institutions/apply/", life.form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["credit_code"])


def test_a_bad_line_is_said_at_the_line_and_nothing_is_saved(life: Any, acting: Any) -> None:
    row = life.apply()
    path = f"/commitment/{row.pk}/lines/"
    principal = acting(life.principal(row))
    answer = principal.post(path, _lines(row, life, classroom_area="很多") | made_from(principal, path))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["line-classroom-area"])
    assert sheets.values_of(row) == {}


def test_an_incomplete_commitment_says_what_is_missing(life: Any, acting: Any) -> None:
    row = life.apply()
    clauses = [c.key for c in pack_queries.pack(row.policy).commitment.clauses]
    path, principal = f"/commitment/{row.pk}/submission/", acting(life.principal(row))
    answer = principal.post(path, {"accepted": clauses, "signed_name": "演示丁"} | made_from(principal, path))
    assert answer.status_code == 422
    assert "固定教室总面积" in str(answer.context["form"].non_field_errors())


def test_nobody_signs_what_a_colleague_changed_after_the_page_was_read(life: Any, acting: Any) -> None:
    row = life.filled()
    path, principal = f"/commitment/{row.pk}/submission/", acting(life.principal(row))
    clauses = [c.key for c in pack_queries.pack(row.policy).commitment.clauses]
    signature = {"accepted": clauses, "signed_name": "演示丁"}
    seen = made_from(principal, path)
    facts = {"commitment_id": row.pk, "by": life.principal(row), "at": life.at}
    registry_drafts.save_draft(values={"computers": "7"}, positions=row.positions, **facts)
    registry_drafts.add_evidence(key="tenure", file=ContentFile(PDF), name="租约.pdf", **facts)
    answer = principal.post(path, signature | seen)
    said = answer.context["form"].non_field_errors()
    assert (answer.status_code, Submission.objects.count()) == (422, 0)
    assert [line for line in said if "7" in line] == ["他人已保存：测试用计算机数量（含备用机）：7"]
    assert len([line for line in said if line.endswith("文件已变")]) == 1
    again = {"made_from": answer.context["form"].data["made_from"]}
    assert principal.post(path, signature | again)["Location"] == f"/commitment/{row.pk}/"


def test_a_file_of_a_foreign_kind_is_refused_at_the_field(life: Any, acting: Any) -> None:
    row = life.apply()
    answer = acting(life.principal(row)).post(
        f"/commitment/{row.pk}/evidence/", {"key": "tenure", "file": SimpleUploadedFile("a.pdf", b"MZ program")}
    )
    assert answer.status_code == 422


def test_an_opinion_that_contradicts_its_lines_is_shown_again_with_words(life: Any, acting: Any) -> None:
    row = life.submitted()
    officer = acting(life.officer)
    desk = f"/authority/commitments/{row.pk}/"
    officer.post(f"{desk}checks/", _findings(row, computers="false") | made_from(officer, desk, "checks"))
    opinion = {"version": 1, "opinion": "true", "remark": "", "visited_on": "2026-03-02"}
    opinion |= made_from(officer, desk, "opinion")
    answer = officer.post(f"{desk}opinion/", opinion)
    assert answer.status_code == 422
    assert "测试用计算机数量" in str(answer.context["opinion"].non_field_errors())
    assert Verification.objects.count() == 0
    garbage = officer.post(f"{desk}opinion/", {"version": "x", "opinion": "perhaps", "visited_on": "gestern"})
    assert (garbage.status_code, sorted(garbage.context["opinion"].errors)) == (
        422,
        ["made_from", "opinion", "version", "visited_on"],
    )


def test_an_authority_sees_what_was_signed_not_what_is_being_corrected(life: Any, acting: Any) -> None:
    row = life.submitted()
    life.check(row, computers="只有40台")
    life.sign(row, "false", "计算机数量与承诺不符")
    principal, officer = acting(life.principal(row)), acting(life.officer)
    path = f"/commitment/{row.pk}/lines/"
    principal.post(path, _lines(row, life, computers="41") | made_from(principal, path))
    desk = f"/authority/commitments/{row.pk}/"
    assert "41 台" not in officer.get(desk).content.decode()
    life.submit(row, life.after(1))
    text = officer.get(desk).content.decode()
    assert "<del>120 台</del>" in text
    assert "<ins>41 台</ins>" in text


def test_an_inspector_writes_down_but_gets_no_form_to_sign(life: Any, acting: Any) -> None:
    row = life.submitted()
    inspector = acting(life.as_actor("inspector", scope="360100"))
    desk = f"/authority/commitments/{row.pk}/"
    text = inspector.get(desk).content.decode()
    assert ('name="finding-computers"' in text, 'name="opinion"' in text) == (True, False)
    assert inspector.post(f"{desk}opinion/", {}).status_code == 403


@pytest.mark.parametrize("times", [1, 3])
def test_the_public_notices_take_a_fixed_number_of_queries(life: Any, visit: Any, asked: Any, times: int) -> None:
    for code in CODES[:times]:
        _under_notice(life, code)
    client = visit()
    with asked(5):
        text = client.get("/notices/").content.decode()
    assert text.count("还剩 5 个工作日") == times


@pytest.mark.parametrize("times", [1, 3])
def test_no_clock_is_counted_for_notices_that_have_ended(
    life: Any, visit: Any, asked: Any, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    for code in CODES[:times]:
        _under_notice(life, code)
    with tenancy.as_owner():
        PublicNotice.objects.update(
            ended_at=life.at, ending=Ending.CLEAR, posted_at=life.at - timedelta(days=3650), due_on=date(2016, 3, 9)
        )
    looked: list[date] = []
    real = workdays.is_working

    def counted(day: date, *rest: Any, **more: Any) -> tuple[bool, bool]:
        looked.append(day)
        return real(day, *rest, **more)

    monkeypatch.setattr(workdays, "is_working", counted)
    client = visit()
    with asked(5):
        text = client.get("/notices/").content.decode()
    assert text.count("2016年3月9日") == times
    assert looked == []


def _under_notice(life: Any, code: str) -> None:
    row = life.submit(life.filled(life.apply(credit_code=code)))
    life.check(row)
    life.sign(row)


@pytest.mark.parametrize("times", [1, 3])
def test_the_desk_takes_a_fixed_number_of_queries_with_the_oldest_clock_first(
    life: Any, asked: Any, times: int
) -> None:
    codes = CODES[:times]
    for n, code in enumerate(codes):
        life.submit(life.filled(life.apply(credit_code=code)), life.at - timedelta(days=n))
    with asked(6):
        todos = list(registry_todos.for_officer(life.officer, life.at + timedelta(days=15)))
    assert [t.tone for t in todos] == ["bad"] * times
    assert todos[0].due.startswith({1: "已逾期 1 个工作日", 3: "已逾期 2 个工作日"}[times])


def test_the_files_of_a_commitment_are_for_its_principal_and_its_authority(life: Any, acting: Any) -> None:
    row = life.filled()
    principal = acting(life.principal(row))
    principal.post(f"/commitment/{row.pk}/evidence/", {"key": "tenure", "file": SimpleUploadedFile("租约.pdf", PDF)})
    (proof,) = sheets.sheet(row)[0].lines[2].proofs
    assert b"".join(principal.get(proof.url)) == PDF
    assert principal.get("/files/bent/").status_code == 403
    removed = principal.post(f"/commitment/{row.pk}/evidence/{proof.id}/removal/")
    assert removed.status_code == 302
    assert sheets.sheet(row)[0].lines[2].proofs == ()


def test_two_inspectors_with_one_check_list_lose_no_finding(life: Any, acting: Any) -> None:
    row = life.submitted()
    desk = f"/authority/commitments/{row.pk}/"
    one, other = (acting(life.as_actor("inspector", scope="360100")) for _n in range(2))
    seen, seen_by_other = made_from(one, desk, "checks"), made_from(other, desk, "checks")
    assert seen == seen_by_other
    found = {"version": 1, "finding-computers": "false", "remark-computers": "只有40台"}
    assert other.post(f"{desk}checks/", found | seen_by_other).status_code == 302
    rest = {"version": 1, "finding-tenure": "true", "remark-tenure": "租约原件"}
    assert one.post(f"{desk}checks/", rest | seen).status_code == 302
    assert _checks() == {"computers": ("false", "只有40台"), "tenure": ("true", "租约原件")}


def test_where_both_changed_a_line_both_values_are_shown_and_neither_is_lost(life: Any, acting: Any) -> None:
    row = life.submitted()
    desk = f"/authority/commitments/{row.pk}/"
    one, other = (acting(life.as_actor("inspector", scope="360100")) for _n in range(2))
    seen = made_from(one, desk, "checks")
    found = {"version": 1, "finding-computers": "false", "remark-computers": "只有40台", "finding-tenure": "true"}
    other.post(f"{desk}checks/", found | seen)
    mine = {"version": 1, "finding-computers": "true", "remark-computers": "共120台"}
    answer = one.post(f"{desk}checks/", mine | seen)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ("共120台" in text, "不符 · 只有40台" in text) == (True, True)
    assert _checks() == {"computers": ("false", "只有40台"), "tenure": ("true", "")}
    form = answer.context["checks"]
    again = {name: form[name].value() or "" for name in form.fields if not name.startswith("picture")}
    assert again["finding-tenure"] == "true", "what was not touched here is taken over"
    assert one.post(f"{desk}checks/", again).status_code == 302
    assert _checks() == {"computers": ("true", "共120台"), "tenure": ("true", "")}
    life.sign(row, "false", "计算机数量与承诺不符")
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        Check.objects.filter(key="computers").update(finding="false")
    assert any("只有40台" in str(note.before) for note in audit.history(row)), "who overwrites it keeps it on record"


def _checks() -> dict[str, tuple[str, str]]:
    return {row.key: (row.finding, row.remark) for row in Check.objects.exclude(finding="")}


def test_nobody_signs_findings_that_changed_since_the_page_was_made(life: Any, acting: Any) -> None:
    row = life.submitted()
    life.check(row)
    officer, inspector = acting(life.officer), acting(life.as_actor("inspector", scope="360100"))
    desk = f"/authority/commitments/{row.pk}/"
    opinion = {"version": 1, "opinion": "false", "remark": "与承诺不符之处见清单", "visited_on": "2026-03-02"}
    opinion |= made_from(officer, desk, "opinion")
    changed = {"version": 1, "finding-computers": "false", "remark-computers": "只有40台"}
    stamps = made_from(inspector, desk, "checks")
    keys = [line.key for line in pack_queries.pack(row.policy).commitment.lines if line.key != "computers"]
    inspector.post(f"{desk}checks/", {f"finding-{key}": "true" for key in keys} | changed | stamps)
    answer = officer.post(f"{desk}opinion/", opinion)
    assert (answer.status_code, Verification.objects.count()) == (422, 0)
    assert "只有40台" in answer.content.decode()
    opinion["made_from"] = answer.context["opinion"]["made_from"].value()
    assert officer.post(f"{desk}opinion/", opinion).status_code == 302


def test_two_who_speak_for_an_organisation_lose_no_line_of_its_commitment(life: Any, acting: Any) -> None:
    row = life.filled()
    path = f"/commitment/{row.pk}/lines/"
    one, other = (acting(life.principal(row)) for _n in range(2))
    seen = made_from(one, path)
    assert other.post(path, _lines(row, life, computers="41") | seen).status_code == 302
    assert one.post(path, _lines(row, life, classroom_area="999") | seen).status_code == 302
    values = dict(row.lines.values_list("key", "value"))
    assert (values["computers"], values["classroom-area"]) == ("41", "999")
    answer = one.post(path, _lines(row, life, computers="77") | seen)
    assert answer.status_code == 422
    assert "41" in str(answer.context["form"].errors["line-computers"])
    assert row.lines.get(key="computers").value == "41"
