"""Files of people to be enrolled: looked through first, enrolled some at a time, never twice, nothing overwritten."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation

from kernel import audit, clock, later, spreadsheets, tenancy
from kernel.access import Denied
from kernel.idnumbers import make_resident_id
from kernel.models import Outbox
from kernel.sheets import Unreadable
from kernel.states import WrongState
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.models.people import Person
from shared.notices.models import Notice
from shared.policy.queries import packs as pack_queries
from shared.records.models import File
from tenants.courses.operations import seats
from tenants.rosters.methods import sheet
from tenants.rosters.models import Enrolment, Roster, RosterLine
from tenants.rosters.operations import rosters
from tenants.rosters.queries import rosters as roster_queries

HEAD = ("证件号码", "姓名", "手机号码", "最高学历", "专业", "施工现场工作年限", "证件类型", "出生日期", "性别")


def number(n: int) -> str:
    """Return the identity number of the n-th invented person."""
    return make_resident_id("360102", date(1990, 3, 7) + timedelta(days=n // 900), n % 900)


def line(n: int, **over: Any) -> list[Any]:
    """Return the row of somebody who meets the conditions, but for what is said."""
    cells: dict[str, Any] = {
        "证件号码": number(n),
        "姓名": "演示学员",
        "手机号码": f"1390000{n:04d}",
        "最高学历": "专科",
    }
    cells |= {"专业": "土建类本专业", "施工现场工作年限": 3}
    return [(cells | over).get(heading, "") for heading in HEAD]


def workbook(*rows: list[Any], name: str = "名册.xlsx") -> SimpleUploadedFile:
    """Return the rows as somebody brings them."""
    return SimpleUploadedFile(name, spreadsheets.xlsx_file(spreadsheets.Sheet(HEAD, rows)))


@pytest.fixture
def bring(school: Any) -> Any:
    """Bring a file for an open class of the school, whose registrar and principal have accounts with their roles."""
    training_class = school.open_class()
    with tenancy.open_public():
        for actor in (school.registrar, school.principal):
            account = Account.objects.create(pk=actor.account_id, name=actor.name, made_at=school.at)
            for grant in actor.grants:
                RoleGrant.objects.create(account=account, role=grant.role, scope=grant.scope, granted_at=school.at)

    def make(*rows: list[Any]) -> Roster:
        return rosters.upload_roster(
            class_id=training_class.pk, content=workbook(*rows), by=school.registrar, at=school.at
        )

    return make


def take(school: Any, row: Roster, *, leave_out: bool = True) -> dict[str, int]:
    """Enrol a file's rows; return how many became what, without what did not occur."""
    rosters.take_roster(roster_id=row.pk, signed=True, leave_out=leave_out, by=school.registrar, at=school.at)
    while rosters.enrol_rows(roster_id=row.pk, at=school.at):
        pass
    return {outcome: count for outcome, count in roster_queries.counts(row).items() if count}


def test_a_file_is_looked_through_before_anybody_is_enrolled(school: Any, bring: Any) -> None:
    row = bring(line(1), line(2, 姓名="演示乙", 施工现场工作年限=0), line(3, 手机号码="12345"))
    preview = roster_queries.preview(row, school.at)
    assert (dict(preview.counts), row.faulty, row.state) == ({"new": 1, "refused": 1, "faulty": 1}, 1, "previewed")
    assert [one.row.line for one in preview.rows] == [4, 3, 2]
    assert (Person.objects.filter(name="演示学员").count(), Enrolment.objects.count()) == (0, 0)
    with translation.override("en"):
        english = preview.rows[0].why
    assert english.startswith("C4 手机号码: ")
    assert preview.rows[0].why.startswith("C4 手机号码：")


def test_each_row_is_enrolled_as_at_the_counter_and_says_what_became_of_it(school: Any, bring: Any) -> None:
    row = bring(line(1), line(2, 施工现场工作年限=0), line(3, 手机号码="12345"))
    assert take(school, row) == {"eligible": 1, "left_out": 1, "faulty": 1}
    enrolment = Enrolment.objects.get()
    assert (enrolment.state, enrolment.channel, enrolment.applied_by, enrolment.papers_due) == (
        "eligible", "counter", school.registrar.account_id, True,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.done, row.taken_by) == ("taken", 3, school.registrar.account_id)
    lines = {one.line: one for one in row.lines.all()}
    assert (lines[2].enrolment, lines[3].enrolment, lines[4].enrolment) == (enrolment, None, None)
    assert "年" in lines[3].words["zh-hans"]
    assert lines[3].words["en"] != lines[3].words["zh-hans"]
    assert audit.history(enrolment)[0].actor_name == school.registrar.name
    [notice] = Notice.objects.filter(account_id=school.registrar.account_id, template="rosters.roster_taken")
    assert (notice.context["done"], notice.context["left"]) == (1, 2)


def test_who_does_not_meet_the_conditions_applies_and_is_refused_where_they_are_not_left_out(
    school: Any, bring: Any
) -> None:
    row = bring(line(1, 施工现场工作年限=0))
    assert take(school, row, leave_out=False) == {"refused": 1}
    assert Enrolment.objects.get().state == "refused"


def test_the_same_file_again_changes_nothing(school: Any, bring: Any) -> None:
    take(school, bring(line(1), line(2, 姓名="演示乙")))
    before = list(Enrolment.objects.values())
    people = list(Person.objects.values("pk", "name", "mobile_blind"))
    again = bring(line(1, 手机号码="13800009999", 施工现场工作年限=9), line(2, 姓名="演示乙"))
    assert dict(roster_queries.preview(again, school.at).counts) == {"same": 2}
    assert take(school, again) == {"same": 2}
    assert list(Enrolment.objects.values()) == before
    assert list(Person.objects.values("pk", "name", "mobile_blind")) == people


def test_a_number_that_is_known_under_another_name_is_not_taken(school: Any, bring: Any) -> None:
    take(school, bring(line(1)))
    other = bring(line(1, 姓名="演示丙"))
    assert take(school, other) == {"faulty": 1}
    assert Person.objects.get(id_blind=Person.objects.get(name="演示学员").id_blind).name == "演示学员"


def test_somebody_who_applies_while_the_file_lies_there_is_left_as_they_are(school: Any, bring: Any) -> None:
    row = bring(line(1))
    assert dict(roster_queries.preview(row, school.at).counts) == {"new": 1}
    take(school, bring(line(1)))
    before = list(Enrolment.objects.values())
    assert take(school, row) == {"same": 1}
    assert list(Enrolment.objects.values()) == before


def test_two_people_with_one_telephone_are_both_enrolled(school: Any, bring: Any) -> None:
    row = bring(line(1), line(2, 姓名="演示乙", 手机号码="13900000001"))
    assert take(school, row) == {"eligible": 2}


def test_nobody_is_made_known_who_has_not_signed(school: Any, bring: Any) -> None:
    row = bring(line(1))
    with pytest.raises(rosters.NoticeNotSigned):
        rosters.take_roster(roster_id=row.pk, signed=False, leave_out=True, by=school.registrar, at=school.at)
    row.refresh_from_db()
    assert (row.state, Outbox.objects.filter(task="rosters.enrol_rows").count()) == ("previewed", 0)


@pytest.mark.parametrize("role", ["cashier", "teacher", "proctor"])
def test_nobody_but_the_desk_brings_or_takes_files(school: Any, bring: Any, as_actor: Any, role: str) -> None:
    row, stranger = bring(line(1)), as_actor(role, scope=str(school.institution.organisation_id))
    facts = {"roster_id": row.pk, "by": stranger, "at": school.at}
    with pytest.raises(Denied):
        rosters.upload_roster(class_id=row.training_class_id, content=workbook(line(2)), by=stranger, at=school.at)
    with pytest.raises(Denied):
        rosters.take_roster(signed=True, leave_out=True, **facts)
    with pytest.raises(Denied):
        rosters.drop_roster(**facts)
    assert list(Roster.objects.values_list("pk", "state")) == [(row.pk, "previewed")]


def test_rows_are_enrolled_some_at_a_time_and_a_worker_that_dies_takes_back_those_at_hand_alone(
    school: Any, bring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "AT_ONCE", 2)
    row = bring(*[line(n, 姓名=f"演示{'甲乙丙丁戊'[n]}") for n in range(5)])
    rosters.take_roster(roster_id=row.pk, signed=True, leave_out=True, by=school.registrar, at=school.at)
    assert rosters.enrol_rows(roster_id=row.pk, at=school.at) == 2

    with transaction.atomic():
        rosters.enrol_rows(roster_id=row.pk, at=school.at)
        transaction.set_rollback(True)  # as when the worker dies before it commits
    row.refresh_from_db()
    assert (row.done, Enrolment.objects.count(), row.lines.count()) == (2, 2, 2)
    assert [rosters.enrol_rows(roster_id=row.pk, at=school.at) for _n in range(3)] == [2, 1, 0]
    row.refresh_from_db()
    assert (row.state, Enrolment.objects.count(), row.lines.count()) == ("taken", 5, 5)
    assert Outbox.objects.filter(task="rosters.enrol_rows").count() == 3


def test_a_file_stops_where_its_takers_role_has_ended_and_goes_on_for_whoever_takes_it_again(
    school: Any, bring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "AT_ONCE", 1)
    row = bring(line(1), line(2, 姓名="演示乙"))
    rosters.take_roster(roster_id=row.pk, signed=True, leave_out=True, by=school.registrar, at=school.at)
    rosters.enrol_rows(roster_id=row.pk, at=school.at)
    with tenancy.as_owner():
        RoleGrant.objects.filter(account_id=school.registrar.account_id).update(ended_at=school.at)
    assert rosters.enrol_rows(roster_id=row.pk, at=school.at) == 0
    row.refresh_from_db()
    assert (row.state, row.done, Enrolment.objects.count()) == ("previewed", 1, 1)
    rosters.take_roster(roster_id=row.pk, signed=True, leave_out=True, by=school.principal, at=school.at)
    assert [rosters.enrol_rows(roster_id=row.pk, at=school.at) for _n in range(2)] == [1, 0]
    assert roster_queries.counts(row)["eligible"] == 2


def test_a_file_stops_where_its_class_takes_nobody_any_more(school: Any, bring: Any) -> None:
    row, over = bring(line(1)), school.at + timedelta(days=400)
    rosters.take_roster(roster_id=row.pk, signed=True, leave_out=True, by=school.registrar, at=school.at)
    assert rosters.enrol_rows(roster_id=row.pk, at=over) == 0
    row.refresh_from_db()
    assert (row.state, Enrolment.objects.count(), Person.objects.filter(name="演示学员").count()) == ("previewed", 0, 0)
    with pytest.raises(seats.NotEnrolling):
        rosters.take_roster(roster_id=row.pk, signed=True, leave_out=True, by=school.registrar, at=over)
    assert Notice.objects.filter(template="rosters.roster_stopped").count() == 1


def test_a_file_is_taken_once(school: Any, bring: Any) -> None:
    row = bring(line(1))
    take(school, row)
    for act in (
        lambda: rosters.take_roster(roster_id=row.pk, signed=True, leave_out=True, by=school.registrar, at=school.at),
        lambda: rosters.drop_roster(roster_id=row.pk, by=school.registrar, at=school.at),
    ):
        with pytest.raises(WrongState):
            act()
    assert Enrolment.objects.count() == 1


def test_a_file_is_taken_away_when_it_is_dropped_or_its_days_are_over_and_its_outcome_stays(
    school: Any, bring: Any
) -> None:
    dropped, taken = bring(line(1)), bring(line(2))
    rosters.drop_roster(roster_id=dropped.pk, by=school.registrar, at=school.at)
    take(school, taken)
    due = Outbox.objects.filter(task="rosters.drop_roster").latest("pk")
    assert due.not_before - clock.real_now() > timedelta(days=29)
    rosters.expire_roster(roster_id=taken.pk, at=school.at)
    rosters.expire_roster(roster_id=taken.pk, at=school.at)
    for row, state in ((dropped, "dropped"), (taken, "taken")):
        row.refresh_from_db()
        assert (row.state, row.file_id, row.name) == (state, None, "")
    assert File.objects.filter(name__contains="名册").count() == 0
    assert taken.lines.count() == 1


def test_the_database_keeps_one_outcome_a_row_and_no_more_than_the_file_has(school: Any, bring: Any) -> None:
    row = bring(line(1))
    take(school, row)
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterLine.objects.create(roster=row, line=2, outcome="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        Roster.objects.filter(pk=row.pk).update(done=2)


@pytest.mark.parametrize("size", [1, 3])
def test_looking_through_takes_the_same_queries_for_one_row_and_for_three(
    school: Any, bring: Any, size: int, django_assert_num_queries: Any
) -> None:
    row = bring(*[line(n) for n in range(size)])
    rows, position = roster_queries.rows_of(row, school.at), row.training_class.programme.position
    roster_queries.look_through(rows, class_id=row.training_class_id, position=position, at=school.at)  # reads the pack
    with django_assert_num_queries(2):
        roster_queries.look_through(rows, class_id=row.training_class_id, position=position, at=school.at)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"证件号码": 360102199003071099}, "证件号码"),
        ({"证件号码": "3.6E+17"}, "证件号码"),
        ({"证件号码": "360102199003071090"}, "证件号码"),
        ({"姓名": "甲"}, "姓名"),
        ({"最高学历": "博士后"}, "最高学历"),
        ({"施工现场工作年限": "3.5"}, "施工现场工作年限"),
        ({"施工现场工作年限": "-1"}, "施工现场工作年限"),
        ({"证件类型": "护照"}, "出生日期"),
        ({"证件类型": "护照", "出生日期": "2030-01-01"}, "出生日期"),
    ],
)
def test_a_cell_that_cannot_be_right_is_told_with_its_column(
    school: Any, bring: Any, cells: dict[str, Any], column: str
) -> None:
    row = bring(line(1, **cells))
    [one] = roster_queries.rows_of(row, school.at)
    assert [fault.heading for fault in one.faults] == [column]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ({"施工现场工作年限": "３ 年"}, {"practice_years": 3}),
        ({"最高学历": " 专 科"}, {"education": "college"}),
        ({"证件类型": "护照", "证件号码": "E12345678", "出生日期": "1990年3月7日", "性别": "男"},
         {"id_type": "passport", "born": date(1990, 3, 7), "sex": "male"}),
        ({"手机号码": "139 0000 0001"}, {"mobile": "13900000001"}),
    ],
)  # fmt: skip
def test_cells_are_read_as_people_write_them(
    school: Any, bring: Any, cells: dict[str, Any], values: dict[str, Any]
) -> None:
    [one] = roster_queries.rows_of(bring(line(1, **cells)), school.at)
    assert one.faults == ()
    assert {name: one.values[name] for name in values} == values


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_both_encodings_of_chinese_offices(school: Any, encoding: str) -> None:
    text = "\r\n".join(",".join(map(str, row)) for row in (HEAD, line(1)))
    file = SimpleUploadedFile("名册.csv", text.encode(encoding))
    row = rosters.upload_roster(class_id=school.open_class().pk, content=file, by=school.registrar, at=school.at)
    assert (row.rows, row.faulty) == (1, 0)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", "没有表头".encode()])
def test_what_is_no_such_table_is_refused_and_nothing_is_kept(school: Any, content: bytes) -> None:
    facts = {"class_id": school.open_class().pk, "by": school.registrar, "at": school.at}
    with pytest.raises(Unreadable):
        rosters.upload_roster(content=SimpleUploadedFile("名册.csv", content), **facts)
    assert (Roster.objects.count(), File.objects.filter(name="名册.csv").count()) == (0, 0)


def test_the_template_can_be_filled_in_and_says_what_each_cell_may_hold(school: Any) -> None:
    pack = pack_queries.pack_at(school.at)
    book = openpyxl.load_workbook(io.BytesIO(sheet.template(pack)))
    assert [cell.value for cell in book["名册"][1]] == list(HEAD)
    choices = {row[2].value for row in book["填写说明"].iter_rows(min_row=2)}
    assert {entry.name for entry in pack.eligibility.educations} <= choices


def test_the_file_is_given_back_with_what_became_of_each_row(school: Any, bring: Any) -> None:
    row = bring(line(1), line(2, 手机号码="12345"))
    before = openpyxl.load_workbook(io.BytesIO(roster_queries.report(row, school.at))).active
    assert [cell.value for cell in before[1]][-1] == "结果"
    assert str(before[2][9].value) == "新学员将提交报名"
    take(school, row)
    row.refresh_from_db()
    after = openpyxl.load_workbook(io.BytesIO(roster_queries.report(row, school.at))).active
    assert str(after[2][9].value) == f"已报名，符合条件 / {Enrolment.objects.get().number}"
    assert str(after[3][9].value).startswith("未报名 / C3 手机号码：")


def test_a_registrar_brings_looks_through_and_enrols_in_the_browser(school: Any, acting: Any, bring: Any) -> None:
    class_id, desk = str(bring(line(9)).training_class_id), acting(school.registrar)
    assert desk.get("/staff/rosters/template/").status_code == 200
    answer = desk.post("/staff/rosters/", {"training_class": class_id, "file": workbook(line(1))})
    row = Roster.objects.latest("pk")
    assert answer.url == f"/staff/rosters/{row.pk}/"
    assert "演示学员" in desk.get(answer.url).text
    refused = desk.post(f"{answer.url}taking/", {"leave_out": "on"})
    assert (refused.status_code, Roster.objects.get(pk=row.pk).state) == (422, "previewed")
    assert desk.post(f"{answer.url}taking/", {"signed": "on", "leave_out": "on"}).status_code == 302
    assert "共 1 行，已处理 0 行" in desk.get(answer.url).text
    later.drain(until=clock.real_now())
    page = desk.get(answer.url).text
    assert Enrolment.objects.get().number in page
    assert desk.get(f"{answer.url}report/").status_code == 200


def test_other_staff_see_no_files(school: Any, acting: Any, bring: Any, as_actor: Any) -> None:
    row = bring(line(1))
    client = acting(as_actor("teacher", scope=str(school.institution.organisation_id)))
    for path in ("/staff/rosters/", f"/staff/rosters/{row.pk}/", f"/staff/rosters/{row.pk}/report/"):
        assert client.get(path).status_code == 403


def test_a_machine_brings_people_and_takes_them(school: Any, acting: Any, bring: Any) -> None:
    class_id, desk = str(bring(line(9)).training_class_id), acting(school.registrar)
    person = {"id_number": number(1), "name": "演示学员", "mobile": "13900000001", "education": "college"}
    person |= {"major_kind": "core", "practice_years": 3}
    body = {"training_class": class_id, "people": [person, person | {"id_number": "360102199003071090"}]}
    brought = desk.post("/api/v1/rosters/", body, content_type="application/json")
    assert (brought.status_code, brought.json()["counts"]) == (201, {"new": 1, "faulty": 1})
    there = f"/api/v1/rosters/{brought.json()['id']}/"
    assert desk.post(f"{there}taking/", {"signed": False}, content_type="application/json").status_code == 422
    assert desk.post(f"{there}taking/", {"signed": True}, content_type="application/json").json()["state"] == "taking"
    later.drain(until=clock.real_now())
    assert {k: v for k, v in desk.get(there).json()["counts"].items() if v} == {"eligible": 1, "faulty": 1}
    lines = desk.get(f"{there}lines/").json()["results"]
    assert [(one["line"], one["outcome"], one["enrolment"]) for one in lines] == [
        (2, "eligible", str(Enrolment.objects.get().pk)),
        (3, "faulty", None),
    ]


def test_a_class_that_is_not_there_is_said_at_its_field(school: Any, acting: Any, bring: Any) -> None:
    bring(line(9))
    person = {"id_number": number(1), "name": "演示学员", "mobile": "13900000001", "education": "college"}
    person |= {"major_kind": "core", "practice_years": 3}
    body = {"training_class": "01900000-0000-7000-8000-000000000001", "people": [person]}
    answer = acting(school.registrar).post("/api/v1/rosters/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"], Roster.objects.count()) == (422, "invalid", 1)
