"""Deleting jobs: what had its time and only that, in chunks, once, each with its log row."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import later
from kernel.access import SYSTEM, Denied
from kernel.errors import Invalid
from shared.identity.models.accounts import RecoveryRequest
from shared.identity.operations import closing as identity_closing
from shared.identity.operations import recovery
from shared.identity.queries import people as people_queries
from shared.notices import operations as notices
from shared.notices.models import Message
from shared.policy.queries import packs as pack_queries
from shared.privacy import methods as privacy_methods
from shared.privacy.models.deletions import Deletion, Hold
from shared.privacy.operations import corrections as privacy_corrections
from shared.privacy.operations import erasing
from shared.privacy.queries import register as privacy_register
from shared.privacy.queries import rights

CHINA = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2060, 12, 31)).map(lambda m: m.replace(tzinfo=CHINA))


@given(at=MOMENTS, years=st.integers(0, 40), days=st.integers(0, 400))
def test_nothing_is_due_a_day_too_early(at: datetime, years: int, days: int) -> None:
    moment = privacy_methods.before(at, years=years, days=days)
    assert (moment + timedelta(days=days)).replace(tzinfo=None) <= at.replace(tzinfo=None)
    assert at.year - (moment + timedelta(days=days)).year == years


@given(day=st.dates(date(2020, 1, 1), date(2060, 12, 31)), years=st.integers(0, 40))
def test_the_last_day_of_a_term_is_never_before_its_years_are_over(day: date, years: int) -> None:
    last = privacy_methods.years_later(day, years)
    assert last.year - day.year == years
    assert (last.month, last.day) in ((day.month, day.day), (3, 1))


def _messages(n: int, at: datetime) -> None:
    for i in range(n):
        notices.send(to=f"1380000{i:04d}", template="identity.security", context={"url": "/"}, at=at, channels=("sms",))
    Message.objects.filter(state="queued").update(state="sent")


def test_messages_lose_their_words_after_their_time_and_the_log_says_how_many(public_db: None, at: datetime) -> None:
    days = privacy_register.limit("message", at).days
    _messages(3, at)
    _messages(1, at + timedelta(days=2))
    assert erasing.erase_kind(kind="messages", at=at + timedelta(days=days)) == 0
    late = at + timedelta(days=days, seconds=1)
    assert erasing.erase_kind(kind="messages", at=late) == 3
    remaining = Message.objects.exclude(subject="—")
    assert (remaining.count(), {m.body.reveal() for m in Message.objects.filter(subject="—")}) == (1, {"—"})
    row = Deletion.objects.get()
    assert (row.kind, row.cause, row.count, row.institution_id, row.first_at) == ("messages", "retention", 3, None, at)


def test_a_job_run_again_finds_nothing_and_a_long_one_asks_for_its_next_chunk(
    public_db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _messages(5, at)
    monkeypatch.setitem(privacy_methods.register().settings, "chunk", 2)  # type: ignore[arg-type]  # a dict underneath
    late = at + timedelta(days=400)
    from kernel import clock  # the time of the tasks that follow

    with clock.at(late):
        erasing.start_deletion_jobs()
        later.drain(until=late)
    assert Message.objects.exclude(subject="—").count() == 0
    assert sorted(Deletion.objects.filter(kind="messages").values_list("count", flat=True)) == [1, 2, 2]
    assert erasing.erase_kind(kind="messages", at=late) == 0


def test_the_policys_own_figure_counts_and_the_log_names_it(public_db: None, at: datetime) -> None:
    pack = pack_queries.pack_at(at)
    figure = pack.retention.kind("log")
    limit = privacy_register.limit("log", at)
    assert (limit.years, limit.days, limit.source, limit.from_policy) == (
        figure.years,
        figure.days,
        pack.version,
        True,
    )
    assert privacy_register.limit("message", at).from_policy is False


def test_a_preview_erases_nothing(public_db: None, at: datetime) -> None:
    _messages(2, at)
    due = {job.kind: job.due for job in erasing.preview(at=at + timedelta(days=400))}
    assert (due["messages"], Message.objects.exclude(subject="—").count(), Deletion.objects.count()) == (2, 2, 0)


def test_a_hold_needs_an_officer_and_a_reason(person: Any, as_actor: Any, at: datetime) -> None:
    me = person()
    with pytest.raises(Denied):
        erasing.place_hold(person_id=me.person_id, why="复议", by=as_actor("registrar", scope="x"), at=at)
    with pytest.raises(Invalid):
        erasing.place_hold(person_id=me.person_id, why="", by=as_actor("platform_operator"), at=at)
    assert Hold.objects.count() == 0


def test_settled_corrections_are_overwritten_and_open_ones_are_not(person: Any, as_actor: Any, at: datetime) -> None:
    me, officer = person(), as_actor("province_officer", scope="360000")
    arguments = {"words": "请改", "evidence": None, "institution_id": None, "by": me, "at": at}
    privacy_corrections.ask_correction(field="name", wanted="李晓璐", **arguments)
    privacy_corrections.ask_correction(field="other", wanted="学历写错", **arguments)
    row = rights.corrections_of(me).get(field="name")
    privacy_corrections.decide_correction(correction_id=row.pk, accept=False, reason="材料不符", by=officer, at=at)
    late = at.replace(year=at.year + 4)
    assert erasing.erase_kind(kind="corrections", at=late) == 1
    wishes = {r.field: r.wanted.reveal() for r in rights.corrections_of(me)}
    assert wishes == {"name": "—", "other": "学历写错"}


def test_settled_requests_for_help_lose_who_asked(as_actor: Any, at: datetime, public_db: None) -> None:
    asked = {"cause": "lost_phone", "identifier": "13800000001", "contact_address": "new@example.com"}
    for name in ("李小路", "赵青"):
        recovery.ask_recovery(**asked, name=name, words="手机掉进江里了", at=at)
    row = RecoveryRequest.objects.order_by("pk")[0]
    operator = as_actor("platform_operator")
    recovery.refuse_recovery(request_id=row.pk, by=operator, reason="材料与登记不符", at=at)
    assert erasing.erase_kind(kind="recoveries", at=at.replace(year=at.year + 4)) == 1
    names = [one.name for one in RecoveryRequest.objects.order_by("pk")]
    row.refresh_from_db()
    assert (names, row.identifier.reveal(), row.words) == (["—", "赵青"], "—", "")


def test_ended_sign_ins_go_and_live_ones_stay(person: Any, at: datetime) -> None:
    from shared.identity.models.accounts import SignIn  # its table only here

    me = person()
    SignIn.objects.create(account_id=me.account_id, began_at=at, ended_at=at)
    SignIn.objects.create(account_id=me.account_id, began_at=at)
    assert erasing.erase_kind(kind="sign-ins", at=at + timedelta(days=400)) == 1
    assert SignIn.objects.count() == 1
    assert people_queries.person(me.person_id).name == "李小路"
    assert identity_closing.ERASED_TEXT == "—"
    assert SYSTEM.system
