"""Terms as the database knows them: overrides entered by the authority, provisional ends, the running clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import access, tenancy
from kernel.access import SYSTEM
from kernel.errors import NotFound
from kernel.reasons import ReasonRequired
from shared.policy.models import CalendarDay, CalendarPlan
from shared.policy.operations import calendar
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import years
from support.shared_forms import made_from

pytestmark = pytest.mark.usefixtures("public_db")


def test_a_term_begun_late_at_night_begins_on_its_day_in_china(at: datetime) -> None:
    assert calendar_queries.due_after(at.replace(hour=23, minute=59), 5).date == date(2026, 3, 9)
    assert calendar_queries.due_after(date(2026, 4, 29), 5).date == date(2026, 5, 9)


def test_an_override_moves_the_end_and_makes_a_provisional_one_certain(at: datetime) -> None:
    start = date(2026, 12, 30)
    before = calendar_queries.due_after(start, 3)
    assert (before.date, before.provisional) == (date(2027, 1, 5), True)
    for day, working in [(1, False), (2, False), (3, True), (4, True), (5, True)]:
        calendar.set_day(day=date(2027, 1, day), working=working, source="国办发明电（演示）", by=SYSTEM, at=at)
    after = calendar_queries.due_after(start, 3)
    assert (after.date, after.provisional) == (date(2027, 1, 4), False)
    assert after.made_up == (date(2027, 1, 3),)


def test_a_day_said_twice_is_as_it_was_said_last(at: datetime) -> None:
    for working in (False, True):
        calendar.set_day(day=date(2026, 3, 7), working=working, source="演示", by=SYSTEM, at=at)
    assert calendar_queries.due_after(date(2026, 3, 6), 1).date == date(2026, 3, 7)


def test_a_provisional_term_keeps_the_holidays_that_the_law_names_and_the_days_in_lieu() -> None:
    due = calendar_queries.due_after(date(2027, 2, 4), 1)
    assert (due.date, due.provisional) == (date(2027, 2, 11), True)


@pytest.mark.parametrize(("today", "left"), [(date(2026, 5, 6), 3), (date(2026, 5, 9), 0), (date(2026, 5, 12), -2)])
def test_a_running_term_says_what_is_left_and_which_days_count(today: date, left: int) -> None:
    with translation.override("en"):
        term = calendar_queries.term(date(2026, 4, 29), 5, now=today, rule="赣建培〔2020〕1号 二（一）")
    assert (term.left, term.total, term.due, term.provisional) == (left, 5, date(2026, 5, 9), False)
    assert calendar_queries.working_days_left(today, date(2026, 5, 9)) == left
    assert [(day.date.day, day.counted, day.note) for day in term.days] == [
        (30, True, ""), (1, False, "public holiday"), (2, False, ""), (3, False, ""), (4, False, "public holiday"),
        (5, False, "public holiday"), (6, True, ""), (7, True, ""), (8, True, ""), (9, True, "make-up working day"),
    ]  # fmt: skip


# --- Plans, single days, and what was known when ---------------------------------------------------

PLAN_2027 = """
# as the State Council might publish it (for tests only)
2027-01-01..2027-01-03 off
2027-02-05~2027-02-12 休
2027年2月6日 班
"""
GOOD = """
2027-01-01..2027-01-03 off
2027-02-04 班
2027年2月5日至2027年2月11日 休
2027-02-20，上班
"""


def plan(text: str = GOOD, at: datetime = datetime(2026, 11, 5, 2, 0, tzinfo=UTC), year: int = 2027) -> None:
    calendar.enter_plan(year=year, text=text, source="国办发明电〔2026〕演示号", by=SYSTEM, at=at)


def test_a_plan_makes_its_year_certain_and_counts_its_working_weekends() -> None:
    before = calendar_queries.due_after(date(2027, 2, 3), 5)
    assert before.provisional
    plan()
    after = calendar_queries.due_after(date(2027, 2, 3), 12)
    assert not after.provisional
    assert after.made_up == (date(2027, 2, 20),)
    assert date(2027, 2, 11) not in after.counted
    assert not calendar_queries.due_after(date(2027, 6, 1), 20).provisional
    assert calendar_queries.due_after(date(2027, 12, 20), 20).provisional  # ends in 2028


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no day in it"),
        ("2027-01-01", "line 1: a day, or a first"),
        ("# a\n\n2027-01-01 maybe", "line 3: a day, or a first"),
        ("2027-02-30 off", "line 1: there is no such day"),
        ("2027-01-0² off", "line 1: a day, or a first"),
        ("2027-01-03..2027-01-01 off", "line 1: the last day lies before the first"),
        ("2027-01-01..2027-03-01 off", "line 1: more than 31 days"),
        ("2028-05-01 off", "line 1: the day is not of this year"),
        ("2027-01-01 off\n2027-01-01 work", "line 2: a day that stands further up"),
        (PLAN_2027, "line 5: a day that stands further up"),
    ],
)
def test_a_plan_with_faults_is_refused_line_by_line_and_changes_nothing(text: str, words: str) -> None:
    with translation.override("en"), pytest.raises(calendar.PlanFaulty) as refusal:
        plan(text)
    assert words in str(refusal.value)
    assert (CalendarPlan.objects.count(), CalendarDay.objects.count()) == (0, 0)


def test_a_later_plan_takes_the_place_of_the_first_and_both_stay_on_record() -> None:
    plan(at=datetime(2026, 11, 5, 2, 0, tzinfo=UTC))
    second = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
    plan("2027-01-01 off", at=second)
    assert calendar_queries.due_after(date(2027, 1, 3), 1).date == date(2027, 1, 4)
    assert calendar_queries.due_after(date(2027, 2, 4), 1).date == date(2027, 2, 5)
    known_at = second - timedelta(seconds=1)
    assert calendar_queries.due_after(date(2027, 2, 4), 1, known_at).date == date(2027, 2, 12)
    assert calendar_queries.due_after(date(2027, 2, 4), 1, datetime(2026, 11, 1, tzinfo=UTC)).provisional
    assert len(years.entered_days(2027)) == 3 + 1 + 7 + 1 + 1
    assert CalendarPlan.objects.count() == 2


def test_what_was_said_of_a_day_can_be_taken_back_and_is_kept(at: datetime) -> None:
    day = date(2026, 3, 4)
    calendar.set_day(day=day, working=False, source="演示", by=SYSTEM, at=at)
    assert calendar_queries.due_after(date(2026, 3, 3), 1).date == date(2026, 3, 5)
    later = at + timedelta(hours=1)
    with pytest.raises(ReasonRequired):
        calendar.clear_day(day=day, why="x", by=SYSTEM, at=later)
    calendar.clear_day(day=day, why="演示撤回", by=SYSTEM, at=later)
    assert calendar_queries.due_after(date(2026, 3, 3), 1).date == day
    assert calendar_queries.due_after(date(2026, 3, 3), 1, at).date == date(2026, 3, 5)
    with pytest.raises(NotFound):
        calendar.clear_day(day=day, why="演示撤回", by=SYSTEM, at=later)
    entries = years.entered_days(2026)
    assert [(d.date, d.superseded_at, d.single) for d in entries] == [(day, later, False)]


def test_rows_of_the_calendar_are_neither_changed_nor_deleted(at: datetime) -> None:
    plan()
    for change in (
        lambda: CalendarDay.objects.update(kind="work"),
        lambda: CalendarPlan.objects.update(source="x"),
        CalendarDay.objects.all().delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
            change()
    assert CalendarDay.objects.filter(kind="work").count() == 2


def test_a_term_names_the_document_by_which_a_day_is_off(at: datetime) -> None:
    calendar.set_day(day=date(2026, 3, 4), working=False, source="赣府演示1号", by=SYSTEM, at=at)
    with translation.override("en"):
        term = calendar_queries.term(date(2026, 3, 3), 2, now=at)
    assert [(day.counted, day.note) for day in term.days] == [
        (False, "public holiday (赣府演示1号)"), (True, ""), (True, ""),
    ]  # fmt: skip


def test_what_is_left_of_a_provisional_term_is_counted_as_its_last_day_was() -> None:
    start = date(2027, 2, 3)
    due = calendar_queries.due_after(start, 10)
    assert due.provisional
    assert calendar_queries.working_days_left(start, due.date) == 10
    assert calendar_queries.working_days_left_each(start, [due.date]) == {due.date: 10}
    assert calendar_queries.term(start, 10, now=start).left == 10


@given(st.dates(date(2026, 11, 1), date(2027, 12, 31)), st.integers(1, 40))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_term_and_what_is_left_of_it_agree_wherever_plans_are_known_or_not(start: date, days: int) -> None:
    due = calendar_queries.due_after(start, days)
    assert calendar_queries.working_days_left(start, due.date) == days
    assert calendar_queries.due_after(start, days + 1).date > due.date


def test_only_the_province_s_own_officers_may_correct_the_calendar(
    at: datetime, as_actor: Callable[..., access.Actor]
) -> None:
    for by in (
        as_actor("city_officer", scope="360100"),
        as_actor("province_officer", scope="420000"),
        as_actor("principal", scope="x"),
    ):
        with pytest.raises(access.Denied):
            calendar.set_day(day=date(2026, 3, 4), working=False, source="演示", by=by, at=at)
        with pytest.raises(access.Denied):
            calendar.enter_plan(year=2027, text=GOOD, source="演示", by=by, at=at)
    weak = as_actor("province_officer", scope="360000", level=1)
    with pytest.raises(access.SecondFactorNeeded):
        calendar.enter_plan(year=2027, text=GOOD, source="演示", by=weak, at=at)
    with pytest.raises(calendar.SourceNeeded):
        calendar.set_day(day=date(2026, 3, 4), working=False, source=" ", by=SYSTEM, at=at)
    assert CalendarDay.objects.count() == 0


# --- The page --------------------------------------------------------------------------------------


def test_an_officer_sees_a_year_enters_its_plan_and_takes_a_day_back(
    acting: Callable[..., Any], officer: access.Actor
) -> None:
    client = acting(officer)
    page = client.get("/authority/calendar/2027/").content.decode()
    assert "官方放假安排尚未录入" in page
    plan = {"source": "国办发明电演示", "text": GOOD} | _seen(client, 2027, "plan_form")
    answer = client.post("/authority/calendar/2027/plans/", plan)
    assert (answer.status_code, answer["Location"]) == (302, "/authority/calendar/2027/")
    page = client.get("/authority/calendar/2027/").content.decode()
    assert "官方放假安排尚未录入" not in page
    assert "国办发明电演示" in page
    day = {"day": "2026-03-04", "kind": "off", "source": "演示"}
    client.post("/authority/calendar/2026/days/", day | _seen(client, 2026, "day_form"))
    assert calendar_queries.due_after(date(2026, 3, 3), 1).date == date(2026, 3, 5)
    client.post("/authority/calendar/2026/3/4/clearing/", {"why": "演示"} | _seen_of(client, date(2026, 3, 4)))
    assert calendar_queries.due_after(date(2026, 3, 3), 1).date == date(2026, 3, 4)


def _seen(client: Any, year: int, form: str) -> dict[str, str]:
    """Return what a form on the page of a year was made from."""
    return made_from(client, f"/authority/calendar/{year}/", form)


def _seen_of(client: Any, which: date) -> dict[str, str]:
    """Return what the taking back of a day on its year's page was made from."""
    rows = client.get(f"/authority/calendar/{which.year}/").context["entered"]
    forms = [form for day, form in rows if day.date == which and day.single]
    return {"made_from": forms[-1].initial["made_from"]}


def test_of_two_officers_neither_replaces_what_the_other_entered_of_a_day_unseen(
    acting: Callable[..., Any], officer: access.Actor
) -> None:
    client, path = acting(officer), "/authority/calendar/2026/days/"
    seen, day = _seen(client, 2026, "day_form"), {"day": "2026-03-04"}
    assert client.post(path, day | seen | {"kind": "off", "source": "赣府演示1号"}).status_code == 302
    answer = client.post(path, day | seen | {"kind": "work", "source": "赣府演示2号"})
    form = answer.context["day_form"]
    assert (answer.status_code, form["source"].value()) == (422, "赣府演示2号")
    assert "赣府演示1号" in str(form.errors["day"])
    assert CalendarDay.objects.get(superseded_at=None).source == "赣府演示1号"
    again = day | {"kind": "work", "source": "赣府演示2号", "made_from": form["made_from"].value()}
    assert client.post(path, again).status_code == 302
    assert CalendarDay.objects.get(superseded_at=None).source == "赣府演示2号"
    other = {"day": "2026-03-05", "kind": "off", "source": "赣府演示3号"}
    assert client.post(path, other | seen).status_code == 302, "another day is nobody's conflict"


def test_no_plan_replaces_and_nobody_takes_back_what_was_entered_since_the_page_was_opened(
    acting: Callable[..., Any], officer: access.Actor
) -> None:
    client, day = acting(officer), {"day": "2027-03-04", "kind": "off"}
    plan = {"source": "国办发明电演示", "text": GOOD} | _seen(client, 2027, "plan_form")
    first = day | {"source": "赣府演示1号"} | _seen(client, 2027, "day_form")
    assert client.post("/authority/calendar/2027/days/", first).status_code == 302
    answer = client.post("/authority/calendar/2027/plans/", plan)
    assert (answer.status_code, CalendarPlan.objects.count()) == (422, 0)
    assert "赣府演示1号" in str(answer.context["plan_form"].errors["text"])
    taken_back = {"why": "演示撤回"} | _seen_of(client, date(2027, 3, 4))
    second = day | {"source": "赣府演示2号"} | _seen(client, 2027, "day_form")
    assert client.post("/authority/calendar/2027/days/", second).status_code == 302
    client.post("/authority/calendar/2027/3/4/clearing/", taken_back)
    assert CalendarDay.objects.get(superseded_at=None).source == "赣府演示2号"


def test_a_plan_can_come_as_a_file(acting: Callable[..., Any], officer: access.Actor) -> None:
    file = SimpleUploadedFile("2027.txt", b"\xef\xbb\xbf" + GOOD.encode())
    client = acting(officer)
    plan = {"source": "演示", "file": file} | _seen(client, 2027, "plan_form")
    answer = client.post("/authority/calendar/2027/plans/", plan)
    assert answer.status_code == 302
    assert CalendarDay.objects.filter(kind="work").count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source": "演示", "text": "2027-01-01 maybe"}, "text"),
        ({"source": "演示"}, "text"),
        ({"text": GOOD}, "source"),
        ({"source": "演示", "file": SimpleUploadedFile("a.txt", b"\xff\xfe\x00")}, "file"),
    ],
)
def test_a_bad_plan_shows_the_form_again_with_a_sentence_at_the_field(
    acting: Callable[..., Any], officer: access.Actor, fields: dict[str, Any], field: str
) -> None:
    client = acting(officer)
    answer = client.post("/authority/calendar/2027/plans/", fields | _seen(client, 2027, "plan_form"))
    assert answer.status_code == 422
    assert list(answer.context["plan_form"].errors) == [field]
    assert CalendarPlan.objects.count() == 0


def test_years_and_days_that_do_not_exist_are_not_found(acting: Callable[..., Any], officer: access.Actor) -> None:
    client = acting(officer)
    assert client.get("/authority/calendar/1066/").status_code == 404
    why = {"why": "演示", "made_from": "{}"}
    assert client.post("/authority/calendar/2026/2/30/clearing/", why).status_code == 404
    assert client.post("/authority/calendar/2026/2/3/clearing/", why).status_code == 404
    assert acting(access.ANONYMOUS).get("/authority/calendar/").status_code in (302, 403)
