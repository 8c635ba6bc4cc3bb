"""Incidents: reported by anybody on duty, told in time, closed by a second person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel.access import Denied
from kernel.errors import Invalid, NotFound, Refusal
from kernel.states import WrongState
from shared.notices.models import Notice
from shared.privacy.models.breaches import Breach
from shared.privacy.operations import breaches
from shared.privacy.queries import desks
from shared.privacy.queries import register as privacy_register
from support.permission_cases import paths


def _report(by: Any, at: datetime, title: str = "名单发错群") -> Breach:
    number = breaches.report_breach(
        title=title, words="花名册发到了外部群", noticed_at=at, happened_at=None, by=by, at=at
    )
    return Breach.objects.get(number=number)


def _classified(row: Breach, by: Any, at: datetime, severity: str = "high") -> None:
    breaches.classify_breach(breach_id=row.pk, severity=severity, kinds="姓名、手机", people=30, by=by, at=at)


def test_a_report_starts_the_clocks_and_tells_who_looks_after_it(holder: Any, as_actor: Any, at: datetime) -> None:
    operator = holder(("platform_operator", ""))
    row = _report(as_actor("teacher", scope="x"), at)
    assert row.authority_due_at == at + timedelta(hours=privacy_register.setting("authority_hours"))
    assert row.people_due_at == at + timedelta(hours=privacy_register.setting("people_hours"))
    notice = Notice.objects.get(account_id=operator.account_id)
    assert (notice.template, notice.context["number"]) == ("privacy.breach", row.number)


def test_who_classified_it_does_not_close_it_and_the_database_knows(holder: Any, at: datetime) -> None:
    first, second = holder(("platform_operator", "")), holder(("province_officer", "360000"), name="省厅")
    row = _report(first, at)
    _classified(row, first, at, severity="low")
    breaches.contain_breach(breach_id=row.pk, measures="撤回文件，通知群主", by=first, at=at)
    with pytest.raises(breaches.SecondPersonRequired):
        breaches.close_breach(breach_id=row.pk, why="已处理完毕", by=first, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=row.pk).update(state="closed", closed_by=first.account_id)
    breaches.close_breach(breach_id=row.pk, why="已处理完毕", by=second, at=at)
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("closed", second.account_id)


def test_who_may_not_close_a_grave_incident_yet_reads_what_is_missing(holder: Any, at: datetime) -> None:
    first, second = holder(("platform_operator", "")), holder(("province_officer", "360000"), name="省厅")
    row = _report(first, at)
    _classified(row, first, at)
    breaches.contain_breach(breach_id=row.pk, measures="撤回文件，通知群主", by=first, at=at)
    with pytest.raises(breaches.NotificationMissing) as refused:
        breaches.close_breach(breach_id=row.pk, why="已处理完毕", by=second, at=at)
    assert str(refused.value).startswith("此事件可能危害个人，请先登记何时报告主管部门")


def test_one_person_closes_no_incident_of_his_own_along_any_grant_path(holder: Any, at: datetime) -> None:
    first = holder(("platform_operator", ""))
    row = _report(first, at)
    _classified(row, first, at, severity="low")
    breaches.contain_breach(breach_id=row.pk, measures="撤回文件，通知群主", by=first, at=at)
    for one in paths(first.account_id, "", "360000", "360100"):
        with pytest.raises(Refusal):
            breaches.close_breach(breach_id=row.pk, why="已处理完毕", by=one, at=at)
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("contained", None)


def test_a_grave_one_stays_open_until_authority_and_people_were_told(holder: Any, person: Any, at: datetime) -> None:
    first, second, me = holder(("platform_operator", "")), holder(("platform_operator", ""), name="二"), person()
    row = _report(first, at)
    _classified(row, first, at)
    breaches.contain_breach(breach_id=row.pk, measures="撤回文件", by=first, at=at)
    with pytest.raises(breaches.NotificationMissing):
        breaches.close_breach(breach_id=row.pk, why="已处理完毕", by=second, at=at)
    entry = {"breach_id": row.pk, "words": "已书面报告", "recipients": "省住建厅", "by": first, "at": at}
    breaches.note_breach(kind="authority", happened_at=at, **entry)
    count = breaches.tell_people(
        breach_id=row.pk, account_ids=[me.account_id, me.account_id], words="您的手机号可能泄露", by=first, at=at
    )
    breaches.close_breach(breach_id=row.pk, why="已处理完毕", by=second, at=at)
    page = desks.breach(row.pk, second)
    assert (count, page.authority_notified_at, page.people_notified_at, page.row.state) == (1, at, at, "closed")
    assert Notice.objects.get(account_id=me.account_id).template == "privacy.breach_people"
    with pytest.raises(Invalid):
        breaches.note_breach(kind="found", happened_at=at, **entry)


def test_others_see_their_own_reports_only_and_move_nothing(public_db: None, as_actor: Any, at: datetime) -> None:
    one, two = as_actor("teacher", scope="x"), as_actor("teacher", scope="y")
    row = _report(one, at)
    assert (list(desks.breaches(one)), list(desks.breaches(two))) == ([row], [])
    with pytest.raises(NotFound):
        desks.breach(row.pk, two)
    with pytest.raises(Denied):
        _classified(row, one, at)
    row.refresh_from_db()
    assert row.state == "reported"


def test_a_report_from_the_future_and_an_empty_one_are_refused(public_db: None, as_actor: Any, at: datetime) -> None:
    by = as_actor("teacher", scope="x")
    for fault in ({"noticed_at": at + timedelta(hours=1)}, {"happened_at": at + timedelta(hours=1)}, {"words": ""}):
        report = {"title": "名单发错群", "words": "花名册", "noticed_at": at, "happened_at": None} | fault
        with pytest.raises(Invalid):
            breaches.report_breach(by=by, at=at, **report)
    assert Breach.objects.count() == 0


def test_contained_before_classified_is_not_possible(holder: Any, at: datetime) -> None:
    operator = holder(("platform_operator", ""))
    row = _report(operator, at)
    with pytest.raises(WrongState):
        breaches.contain_breach(breach_id=row.pk, measures="撤回文件", by=operator, at=at)


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_one_query(holder: Any, asks: Any, at: datetime, n: int) -> None:
    operator = holder(("platform_operator", ""))
    for i in range(n):
        _report(operator, at, title=f"事件第{i}号")
    assert asks(lambda: list(desks.breaches(operator))) == 1
