"""The policy desk: who drafts, who decides, what is refused, and that the law changes on its day by itself."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel import audit, clock, tenancy
from kernel.access import ANONYMOUS, SYSTEM, Actor, Denied, SecondFactorNeeded, SignInNeeded
from kernel.errors import NotFound, Refusal
from kernel.models import AuditEntry, Outbox
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.lawbook.models import PolicyDraft
from shared.lawbook.operations import drafts as lawbook
from shared.lawbook.queries import drafts as lawbook_drafts
from shared.lawbook.queries import pages as lawbook_pages
from shared.lawbook.states import POLICY_DRAFT, DraftState
from shared.notices import operations as notices
from shared.policy.models import PolicyPack
from shared.policy.operations import packs
from shared.policy.queries import impact as policy_impact
from shared.policy.queries import packs as pack_queries
from shared.policy.values.writing import toml_of
from support.permission_cases import paths

pytestmark = pytest.mark.usefixtures("public_db")

Make = Callable[..., Actor]
DAY = date(2026, 6, 1)


@pytest.fixture
def second(as_actor: Make) -> Actor:
    """Another officer of the province."""
    return as_actor("province_officer", scope="360000", name="演示二处")


@pytest.fixture
def draft(officer: Actor, at: datetime) -> PolicyDraft:
    """A draft that changes a term from a day on, complete and not submitted."""
    draft_id = lawbook.begin_draft(by=officer, at=at)
    write(draft_id, at, officer)
    return PolicyDraft.objects.get(pk=draft_id)


def write(draft_id: uuid.UUID, at: datetime, by: Actor, *, days: Any = 8, begins: str = DAY.isoformat()) -> None:
    row = PolicyDraft.objects.get(pk=draft_id)
    of_the_file = ("format", "id", "revision", "jurisdiction", "name", "name_en")
    header = {name: row.body[name] for name in of_the_file}
    header |= {"effective_from": {"value": begins, "source": "not-from-policy"}}
    edition = lawbook.save_section(draft_id=draft_id, edition=row.edition, section="about", node=header, by=by, at=at)
    clocks = {**row.body["clocks"], "verification_days": {"value": days, "source": "not-from-policy"}}
    lawbook.save_section(draft_id=draft_id, edition=edition, section="clocks", node={"clocks": clocks}, by=by, at=at)


def everything() -> list[Any]:
    """All that the desk can change, and all that tells of it."""
    rows = PolicyDraft.objects.order_by("pk").values()
    return [list(rows), PolicyPack.objects.count(), AuditEntry.objects.count(), Outbox.objects.count()]


def submitted(draft: PolicyDraft, by: Actor, at: datetime) -> PolicyDraft:
    lawbook.submit_draft(draft_id=draft.pk, edition=draft.edition, by=by, at=at)
    draft.refresh_from_db()
    return draft


def refused(kind: type[Refusal], act: Callable[[], Any]) -> Refusal:
    """Expect a refusal that changed nothing."""
    before = everything()
    with pytest.raises(kind) as refusal:
        act()
    assert everything() == before
    assert str(refusal.value)
    return refusal.value


# --- The life of a draft -----------------------------------------------------------------------


def test_a_draft_begins_as_a_copy_and_changes_nothing(officer: Actor, at: datetime) -> None:
    row = lawbook_drafts.draft(officer, lawbook.begin_draft(by=officer, at=at))
    pack = pack_queries.pack_at(at)
    assert (row.base, row.state, row.edition, row.authors) == (pack.version, "draft", 1, [officer.account_id])
    assert lawbook_drafts.changes(pack_queries.body(pack.version), row.body) == []
    assert [problem.key for problem in lawbook_drafts.draft_problems(row, at)] == ["effective_from"]


def test_one_drafts_another_approves_and_the_law_changes_on_its_day_by_itself(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    old = pack_queries.pack_at(at)
    submitted(draft, officer, at)
    version = lawbook.approve_draft(draft_id=draft.pk, edition=draft.edition, by=second, at=at)
    draft.refresh_from_db()
    assert (draft.state, draft.pack.version if draft.pack else "", draft.decided_by) == (
        "approved", version, second.account_id,
    )  # fmt: skip
    eve, day = DAY - timedelta(days=1), DAY
    assert [pack_queries.pack_at(when).version for when in (at, eve, day)] == [old.version, old.version, version]
    midnight = datetime(2026, 6, 1, tzinfo=clock.CHINA)
    around = (midnight - timedelta(seconds=1), midnight)
    assert [pack_queries.pack_at(when).clocks.verification_days for when in around] == [10, 8]
    assert pack_queries.pack(version).source("clocks.verification_days").from_policy is False
    assert [row.standing for row in lawbook_drafts.standings("360000", at)][:2] == ["to_come", "in_force"]
    assert [row.standing for row in lawbook_drafts.standings("360000", DAY)][:2] == ["in_force", "past"]


def test_its_life_says_who_did_what(draft: PolicyDraft, officer: Actor, second: Actor, at: datetime) -> None:
    submitted(draft, officer, at)
    lawbook.return_draft(draft_id=draft.pk, edition=draft.edition, why="依据不足", by=second, at=at)
    notes = audit.history(draft)
    assert [(note.verb, note.actor_name, note.acting_as, note.why) for note in notes] == [
        ("lawbook.draft", "演示处长", "province_officer", ""),
        ("lawbook.draft_save", "演示处长", "province_officer", ""),
        ("lawbook.draft_save", "演示处长", "province_officer", ""),
        ("policy_draft.submit", "演示处长", "province_officer", ""),
        ("policy_draft.return", "演示二处", "province_officer", "依据不足"),
    ]
    assert len(lawbook_drafts.draft_life(draft)) == 5


def test_a_returned_draft_is_corrected_and_submitted_again(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    submitted(draft, officer, at)
    lawbook.return_draft(draft_id=draft.pk, edition=draft.edition, why="改为9天", by=second, at=at)
    write(draft.pk, at, officer, days=9)
    draft.refresh_from_db()
    assert draft.decided_by is None
    submitted(draft, officer, at)
    version = lawbook.approve_draft(draft_id=draft.pk, edition=draft.edition, by=second, at=at)
    assert pack_queries.pack(version).clocks.verification_days == 9


def test_who_returned_a_draft_and_then_writes_in_it_no_longer_decides(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    submitted(draft, officer, at)
    lawbook.return_draft(draft_id=draft.pk, edition=draft.edition, why="我来改", by=second, at=at)
    write(draft.pk, at, second, days=7)
    draft.refresh_from_db()
    assert draft.authors == [officer.account_id, second.account_id]
    submitted(draft, officer, at)
    refused(
        lawbook.OwnDraft,
        lambda: lawbook.approve_draft(draft_id=draft.pk, edition=draft.edition, by=second, at=at),
    )


# --- Four eyes ---------------------------------------------------------------------------------


def test_who_wrote_in_a_draft_neither_approves_nor_returns_it(draft: PolicyDraft, officer: Actor, at: datetime) -> None:
    submitted(draft, officer, at)
    arguments = {"draft_id": draft.pk, "edition": draft.edition, "by": officer, "at": at}
    refused(lawbook.OwnDraft, lambda: lawbook.approve_draft(**arguments))
    refused(lawbook.OwnDraft, lambda: lawbook.return_draft(**arguments, why="我自己"))


def test_the_database_itself_refuses_an_author_s_approval(draft: PolicyDraft, officer: Actor, at: datetime) -> None:
    submitted(draft, officer, at)
    pack = PolicyPack.objects.first()
    assert pack is not None
    faults = [
        ("UPDATE lawbook_policydraft SET state='approved', decided_by=%s, pack_id=%s", [officer.account_id, pack.pk]),
        ("UPDATE lawbook_policydraft SET decided_by=%s", [officer.account_id]),
        ("UPDATE lawbook_policydraft SET state='approved', decided_by=%s", [uuid.uuid4()]),
        ("UPDATE lawbook_policydraft SET state='approved', pack_id=%s", [pack.pk]),
        ("UPDATE lawbook_policydraft SET state='elsewhere'", []),
        ("UPDATE lawbook_policydraft SET body='{}'", []),
        ("UPDATE lawbook_policydraft SET edition=edition+1", []),
        ("UPDATE lawbook_policydraft SET authors='{}'", []),
        ("DELETE FROM lawbook_policydraft", []),
    ]
    before = everything()
    for statement, values in faults:
        with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    assert everything() == before


def test_a_settled_draft_never_changes_in_the_database(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    lawbook.withdraw_draft(draft_id=draft.pk, why="", by=officer, at=at)
    for change in ({"state": "draft"}, {"body": {}}, {"last_author": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyDraft.objects.filter(pk=draft.pk).update(**change)


# --- Every move, allowed and refused ------------------------------------------------------------


def bring(draft: PolicyDraft, state: str, officer: Actor, second: Actor, at: datetime) -> PolicyDraft:
    """Bring a complete draft into a state."""
    arguments: dict[str, Any] = {"draft_id": draft.pk, "edition": draft.edition, "at": at}
    if state in ("submitted", "returned", "approved"):
        submitted(draft, officer, at)
    if state == "returned":
        lawbook.return_draft(**arguments, why="演示", by=second)
    if state == "approved":
        lawbook.approve_draft(**arguments, by=second)
    if state == "withdrawn":
        lawbook.withdraw_draft(draft_id=draft.pk, why="演示", by=officer, at=at)
    draft.refresh_from_db()
    assert draft.state == state
    return draft


def move(name: str, draft: PolicyDraft, officer: Actor, second: Actor, at: datetime) -> None:
    arguments: dict[str, Any] = {"draft_id": draft.pk, "at": at}
    if name == "submit":
        lawbook.submit_draft(**arguments, edition=draft.edition, by=officer)
    elif name == "approve":
        lawbook.approve_draft(**arguments, edition=draft.edition, by=second)
    elif name == "return":
        lawbook.return_draft(**arguments, edition=draft.edition, by=second, why="演示")
    else:
        lawbook.withdraw_draft(**arguments, by=officer, why="演示")


@pytest.mark.parametrize("state", DraftState.values)
@pytest.mark.parametrize("name", [move.name for move in POLICY_DRAFT.moves])
def test_every_move_leads_on_from_its_states_only(
    name: str, state: str, draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    bring(draft, state, officer, second, at)
    arrow = POLICY_DRAFT.by_name[name]
    if state in arrow.source:
        move(name, draft, officer, second, at)
        draft.refresh_from_db()
        assert draft.state == arrow.target
        return
    refused(WrongState if name != "approve" else Refusal, lambda: move(name, draft, officer, second, at))


@pytest.mark.parametrize("name", [move.name for move in POLICY_DRAFT.moves])
def test_nobody_else_moves_a_draft(
    name: str, draft: PolicyDraft, officer: Actor, second: Actor, as_actor: Make, at: datetime
) -> None:
    bring(draft, "draft" if name == "submit" else "submitted", officer, second, at)
    strangers: list[tuple[Actor, type[Refusal]]] = [
        (as_actor("city_officer", scope="360100"), Denied),
        (as_actor("inspector", scope="360000"), Denied),
        (as_actor("province_officer", scope="430000"), NotFound),
        (as_actor("province_officer", scope="360000", level=1), SecondFactorNeeded),
        (as_actor("registrar", scope="x"), Denied),
        (as_actor(), Denied),
        (ANONYMOUS, SignInNeeded),
        (SYSTEM, Denied),
    ]
    for stranger, kind in strangers:
        refused(kind, lambda stranger=stranger: move(name, draft, stranger, stranger, at))  # type: ignore[misc]


def test_one_person_approves_no_draft_of_his_own_along_any_grant_path(
    draft: PolicyDraft, officer: Actor, at: datetime
) -> None:
    row = submitted(draft, officer, at)
    assert officer.account_id is not None
    for one in paths(officer.account_id, "360000", "360100", ""):
        for name in ("approve", "return"):
            refused(Refusal, lambda name=name, one=one: move(name, row, one, one, at))  # type: ignore[misc]


def test_only_an_author_withdraws(draft: PolicyDraft, officer: Actor, second: Actor, at: datetime) -> None:
    submitted(draft, officer, at)
    refused(lawbook.NotTheAuthor, lambda: lawbook.withdraw_draft(draft_id=draft.pk, why="", by=second, at=at))


@pytest.mark.parametrize("state", ["submitted", "approved", "withdrawn"])
def test_what_is_submitted_or_settled_is_not_edited(
    state: str, draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    bring(draft, state, officer, second, at)
    arguments: dict[str, Any] = {"draft_id": draft.pk, "edition": draft.edition, "by": officer, "at": at}
    refused(lawbook.NotEditable, lambda: lawbook.save_section(**arguments, section="clocks", node={}))
    text = toml_of(pack_queries.body(draft.base))
    refused(lawbook.NotEditable, lambda: lawbook.replace_draft(**arguments, text=text))


def test_a_return_needs_a_reason(draft: PolicyDraft, officer: Actor, second: Actor, at: datetime) -> None:
    submitted(draft, officer, at)
    arguments: dict[str, Any] = {"draft_id": draft.pk, "edition": draft.edition, "by": second, "at": at}
    assert refused(ReasonRequired, lambda: lawbook.return_draft(**arguments, why=" ")).field == "why"


# --- What a draft must be ----------------------------------------------------------------------


@pytest.mark.parametrize("days", ["", "五", 0, -1, None])
def test_an_incomplete_draft_is_saved_and_not_submitted(days: Any, officer: Actor, at: datetime) -> None:
    draft_id = lawbook.begin_draft(by=officer, at=at)
    write(draft_id, at, officer, days="" if days is None else days)
    row = PolicyDraft.objects.get(pk=draft_id)
    assert "clocks.verification_days" in [problem.key for problem in lawbook_drafts.draft_problems(row, at)]
    refused(
        lawbook.DraftIncomplete,
        lambda: lawbook.submit_draft(draft_id=draft_id, edition=row.edition, by=officer, at=at),
    )


@pytest.mark.parametrize("begins", ["2026-03-02", "2026-03-01", "2019-12-31", "morgen", ""])
def test_a_version_begins_tomorrow_at_the_earliest(begins: str, officer: Actor, at: datetime) -> None:
    draft_id = lawbook.begin_draft(by=officer, at=at)
    write(draft_id, at, officer, begins=begins)
    row = PolicyDraft.objects.get(pk=draft_id)
    assert {problem.key for problem in lawbook_drafts.draft_problems(row, at)} == {"effective_from"}
    refused(
        lawbook.DraftIncomplete,
        lambda: lawbook.submit_draft(draft_id=draft_id, edition=row.edition, by=officer, at=at),
    )


def test_a_version_begins_after_the_last_one(draft: PolicyDraft, officer: Actor, second: Actor, at: datetime) -> None:
    other = lawbook.begin_draft(by=officer, at=at)
    write(other, at, officer, days=6, begins="2026-05-31")
    late = submitted(PolicyDraft.objects.get(pk=other), officer, at)
    bring(draft, "approved", officer, second, at)
    refused(
        lawbook.DraftIncomplete,
        lambda: lawbook.approve_draft(draft_id=late.pk, edition=late.edition, by=second, at=at),
    )


def test_a_day_that_came_while_the_draft_waited_is_refused(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    submitted(draft, officer, at)
    after = datetime(2026, 6, 1, 9, tzinfo=clock.CHINA)
    refused(
        lawbook.DraftIncomplete,
        lambda: lawbook.approve_draft(draft_id=draft.pk, edition=draft.edition, by=second, at=after),
    )


def test_a_draft_that_says_nothing_new_is_refused(officer: Actor, at: datetime) -> None:
    draft_id = lawbook.begin_draft(by=officer, at=at)
    write(draft_id, at, officer, days=10)
    row = PolicyDraft.objects.get(pk=draft_id)
    clocks = pack_queries.body(row.base)["clocks"]
    edition = lawbook.save_section(
        draft_id=draft_id, edition=row.edition, section="clocks", node={"clocks": clocks}, by=officer, at=at
    )
    refused(
        lawbook.NothingChanged,
        lambda: lawbook.submit_draft(draft_id=draft_id, edition=edition, by=officer, at=at),
    )


def test_two_drafts_are_approved_one_after_the_other_with_revisions_of_their_own(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    other = lawbook.begin_draft(by=officer, at=at)
    write(other, at, officer, days=6, begins="2026-07-01")
    late = submitted(PolicyDraft.objects.get(pk=other), officer, at)
    submitted(draft, officer, at)
    first = lawbook.approve_draft(draft_id=draft.pk, edition=draft.edition, by=second, at=at)
    then = lawbook.approve_draft(draft_id=late.pk, edition=late.edition, by=second, at=at)
    assert int(then.partition("@")[2]) == int(first.partition("@")[2]) + 1
    pack = [pack_queries.pack_at(day).clocks.verification_days for day in (DAY, date(2026, 7, 1))]
    assert pack == [8, 6]


# --- Two at once -------------------------------------------------------------------------------


def test_of_two_who_edit_at_once_the_second_is_told_what_changed_and_nothing_is_lost(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    both = draft.edition
    first = {"clocks": {**draft.body["clocks"], "notice_days": {"value": 7, "source": "not-from-policy"}}}
    lawbook.save_section(draft_id=draft.pk, edition=both, section="clocks", node=first, by=officer, at=at)
    late: dict[str, Any] = {"draft_id": draft.pk, "edition": both, "section": "retest", "by": second, "at": at}
    refusal = refused(lawbook.StaleEdition, lambda: lawbook.save_section(**late, node={"retest": {}}))
    assert "演示处长" in str(refusal)
    row = lawbook_drafts.draft(second, draft.pk)
    assert [(c.path, c.before, c.after) for c in lawbook_drafts.changes_since(row, both)] == [
        ("clocks.notice_days", "5", "7")
    ]
    assert lawbook_drafts.changes_since(row, row.edition) == []
    assert row.authors == [officer.account_id]


@pytest.mark.parametrize(
    ("was", "typed", "now", "stands"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"a": 9, "b": 2}, {"a": 9, "b": 3}),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}, {"a": 3, "b": 2}, {"a": 3}),
        ([{"k": 1}, {"k": 2}], [{"k": 1}, {"k": 5}], [{"k": 4}, {"k": 2}], [{"k": 4}, {"k": 5}]),
        ([1, 2], [1, 2, 3], [0, 2], [1, 2, 3]),
        ([1, 2], [1, 2], [1], [1]),
    ],
)
def test_what_others_saved_stands_where_nothing_was_typed(was: Any, typed: Any, now: Any, stands: Any) -> None:
    assert lawbook_drafts.merge(was, typed, now) == stands


def test_submitting_and_deciding_name_the_edition_that_was_read(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime
) -> None:
    arguments: dict[str, Any] = {"draft_id": draft.pk, "at": at}
    refused(lawbook.StaleEdition, lambda: lawbook.submit_draft(**arguments, edition=1, by=officer))
    submitted(draft, officer, at)
    refused(lawbook.StaleEdition, lambda: lawbook.approve_draft(**arguments, edition=1, by=second))
    refused(lawbook.StaleEdition, lambda: lawbook.return_draft(**arguments, edition=1, by=second, why="演示"))


def test_saving_what_stands_already_changes_nothing(draft: PolicyDraft, officer: Actor, at: datetime) -> None:
    before = everything()
    edition = lawbook.save_section(
        draft_id=draft.pk, edition=draft.edition, section="clocks", node={"clocks": draft.body["clocks"]},
        by=officer, at=at,
    )  # fmt: skip
    assert (edition, everything()) == (draft.edition, before)


# --- Files -------------------------------------------------------------------------------------


def test_the_export_of_the_version_in_force_imported_says_the_same(officer: Actor, at: datetime) -> None:
    version = pack_queries.pack_at(at).version
    draft_id = lawbook.import_draft(text=lawbook_pages.text(version), by=officer, at=at)
    row = lawbook_drafts.draft(officer, draft_id)
    assert lawbook_drafts.changes(pack_queries.body(version), row.body) == []
    assert lawbook_pages.draft_text(row) == lawbook_pages.text(version)
    lawbook.replace_draft(draft_id=draft_id, edition=1, text=lawbook_pages.text(version), by=officer, at=at)
    row.refresh_from_db()
    assert row.edition == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("[clocks]", "[clocks"), "行"),
        (lambda text: text.replace('name = "土建施工员"', 'name = "\\u0000"'), "U+0000"),
        (lambda text: "positions = 3\n" + text.replace("[[positions]]", "[[others]]"), "positions"),
        (lambda text: text + "\n[deep]\nx = " + "[" * 900 + "]" * 900, "嵌套"),
        (lambda text: text + "\n[odd]\nx = nan", "这个数"),
        (lambda text: "documents = 1\n" + text.replace("[[documents]]", "[[papers]]"), "documents"),
    ],
)
def test_what_is_no_pack_file_is_refused_with_its_place(
    change: Callable[[str], str], words: str, officer: Actor, at: datetime
) -> None:
    text = change(lawbook_pages.text(pack_queries.pack_at(at).version))
    refusal = refused(packs.FileUnreadable, lambda: lawbook.import_draft(text=text, by=officer, at=at))
    assert words in str(refusal)
    assert refusal.field == "file"


def test_a_file_with_faults_becomes_a_draft_that_says_them(officer: Actor, at: datetime) -> None:
    text = lawbook_pages.text(pack_queries.pack_at(at).version).replace("notice_days", "notise_days")
    row = lawbook_drafts.draft(officer, lawbook.import_draft(text=text, by=officer, at=at))
    assert {"clocks.notice_days", "clocks.notise_days"} <= {
        problem.key for problem in lawbook_drafts.draft_problems(row, at)
    }


def test_another_province_s_file_is_refused(officer: Actor, at: datetime) -> None:
    text = lawbook_pages.text(pack_queries.pack_at(at).version).replace('"360000"', '"420000"')
    refused(lawbook.AnotherProvince, lambda: lawbook.import_draft(text=text, by=officer, at=at))
    refused(lawbook.DraftTooLong, lambda: lawbook.import_draft(text=" " * 700_000, by=officer, at=at))


# --- Who is affected, and who is told -----------------------------------------------------------


def test_whom_a_change_touches_is_asked_of_those_who_decide_by_it(
    draft: PolicyDraft, officer: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[policy_impact.Change] = []
    monkeypatch.setattr(policy_impact.impact_counters, "connected", [])

    @policy_impact.register_impact("clocks.verification_days")
    def running(change: policy_impact.Change) -> list[policy_impact.ImpactItem]:
        calls.append(change)
        return [policy_impact.ImpactItem("演示", 3, "按旧规定")]

    @policy_impact.register_impact("stars")
    def never(change: policy_impact.Change) -> list[policy_impact.ImpactItem]:
        raise AssertionError(change)

    row = lawbook_drafts.draft(officer, draft.pk)
    changes = lawbook_drafts.changes(pack_queries.body(row.base), row.body)
    (impact,) = lawbook_drafts.draft_impacts(row, changes, at)
    assert (impact.item.count, impact.paths) == (3, ("clocks.verification_days",))
    assert (calls[0].jurisdiction, calls[0].on) == ("360000", DAY)
    assert {"360000", "360100", "360102"} <= calls[0].codes
    assert "420000" not in calls[0].codes


def test_submission_and_decision_ask_for_notices(
    draft: PolicyDraft, officer: Actor, second: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments: list[dict[str, Any]] = []
    monkeypatch.setattr(notices, "send_officers", lambda **given: arguments.append(given))
    submitted(draft, officer, at)
    lawbook.approve_draft(draft_id=draft.pk, edition=draft.edition, by=second, at=at)
    assert [(a["template"], a["accounts"], a["exclude"]) for a in arguments] == [
        ("lawbook.draft_submitted", [], officer.account_id),
        ("lawbook.draft_approved", [officer.account_id], second.account_id),
    ]
    assert {(a["role"], a["scope"]) for a in arguments} == {("province_officer", "360000")}


def test_what_waits_for_whom(draft: PolicyDraft, officer: Actor, second: Actor, as_actor: Make, at: datetime) -> None:
    city = as_actor("city_officer", scope="360100")
    submitted(draft, officer, at)
    assert [[row.pk for row in lawbook_drafts.drafts_waiting_for(by)] for by in (officer, second, city)] == [
        [],
        [draft.pk],
        [],
    ]
    lawbook.return_draft(draft_id=draft.pk, edition=draft.edition, why="演示", by=second, at=at)
    assert [[row.pk for row in lawbook_drafts.drafts_waiting_for(by)] for by in (officer, second)] == [[draft.pk], []]
