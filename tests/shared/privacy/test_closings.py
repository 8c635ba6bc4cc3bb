"""The end of an account: everybody is asked, the exceptions told, the keys gone, and no way back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kernel.access import Actor, Grant
from kernel.states import WrongState
from shared.identity.models.accounts import Account, ApiToken, SignIn
from shared.identity.models.people import Person
from shared.identity.operations import closing as identity_closing
from shared.identity.operations import tokens
from shared.identity.queries import accounts as account_queries
from shared.privacy.models.deletions import Deletion
from shared.privacy.models.rights import Closing
from shared.privacy.operations import closings, copies, erasing
from shared.privacy.queries import desks, rights

PASSWORD = "correct-horse-9"


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What apps tell, replaced by what a test says; asked in the shared schema."""
    items: dict[str, list[Any]] = {"open": [], "kept": []}

    def opened(subject: rights.Subject, at: datetime) -> list[rights.OpenItem]:
        return list(items["open"])

    def kept(subject: rights.Subject, at: datetime) -> list[rights.OpenItem]:
        return list(items["kept"])

    opened.__module__ = kept.__module__ = "shared.test"
    monkeypatch.setattr(rights.open_item_sources, "connected", [(None, opened)])
    monkeypatch.setattr(rights.retained_item_sources, "connected", [(None, kept)])
    return items


def test_an_account_closes_for_good_when_nothing_is_open_and_nothing_is_kept(
    person: Any, settle: Any, sources: Any, institutions: Any, at: datetime
) -> None:
    me = person()
    mobile = account_queries.contact_of(account_queries.account(me.account_id)).mobile
    tokens.make_token(name="机器", scopes=["read"], days=3, by=me, at=at)
    SignIn.objects.create(account_id=me.account_id, began_at=at)
    closings.ask_closing(by=me, at=at)
    settle()
    assert Closing.objects.get().state == "ready"
    closings.close(password=PASSWORD, by=me, at=at)
    account = Account.objects.get(pk=me.account_id)
    assert (account.name, account.mobile, account.mobile_blind, account.person_id) == ("—", None, None, None)
    assert (account.is_active, account.has_usable_password()) == (False, False)
    assert ApiToken.objects.filter(revoked_at=None).count() == SignIn.objects.filter(ended_at=None).count() == 0
    person_row = Person.objects.get(pk=me.person_id)
    assert (person_row.name, person_row.id_number.reveal(), person_row.born, person_row.mobile) == (
        "—",
        "—",
        None,
        None,
    )
    assert account_queries.account_by_identifier(mobile) is None
    assert Deletion.objects.values_list("kind", "cause").get() == ("account", "closing")
    with pytest.raises(copies.ReauthenticationRequired):
        closings.close(password=PASSWORD, by=me, at=at)


def test_what_is_open_blocks_and_what_is_kept_is_told_with_its_day(
    person: Any, settle: Any, sources: Any, at: datetime
) -> None:
    me = person()
    sources["open"].append(rights.OpenItem("退款未到账"))
    sources["kept"].append(rights.OpenItem("会计凭证", date(2036, 3, 2)))
    closings.ask_closing(by=me, at=at)
    settle()
    row = Closing.objects.get()
    answers = rights.answers(row)
    assert (row.state, row.keep_until, answers.open, answers.retained) == (
        "blocked",
        date(2036, 3, 2),
        ["退款未到账"],
        [("会计凭证", "2036-03-02")],
    )
    with pytest.raises(WrongState):
        closings.close(password=PASSWORD, by=me, at=at)
    assert Account.objects.get(pk=me.account_id).closed_at is None
    sources["open"].clear()
    closings.ask_closing(by=me, at=at)
    settle()
    closings.close(password=PASSWORD, by=me, at=at)
    person_row = Person.objects.get(pk=me.person_id)
    assert (person_row.name, person_row.mobile) == ("李小路", None)


def test_what_opened_since_all_were_asked_still_blocks(person: Any, settle: Any, sources: Any, at: datetime) -> None:
    me = person()
    closings.ask_closing(by=me, at=at)
    settle()
    sources["open"].append(rights.OpenItem("新报名"))
    with pytest.raises(closings.StillOpen):
        closings.close(password=PASSWORD, by=me, at=at)
    assert (Closing.objects.get().state, Account.objects.get(pk=me.account_id).closed_at) == ("ready", None)


def test_a_wrong_password_and_a_role_keep_the_account(person: Any, settle: Any, sources: Any, at: datetime) -> None:
    me = person()
    with pytest.raises(identity_closing.RolesHeld):
        closings.ask_closing(by=Actor(me.account_id, None, me.name, 2, frozenset({Grant("teacher", "x")})), at=at)
    closings.ask_closing(by=me, at=at)
    settle()
    with pytest.raises(copies.ReauthenticationRequired):
        closings.close(password="wrong", by=me, at=at)
    assert Account.objects.get(pk=me.account_id).closed_at is None
    closings.take_back_closing(by=me, at=at)
    assert Closing.objects.get().state == "taken_back"


def test_before_all_have_answered_nothing_moves(person: Any, institutions: Any, at: datetime) -> None:
    me = person()
    closings.ask_closing(by=me, at=at)
    row = Closing.objects.get()
    arguments = {
        "closing_id": row.pk,
        "round_number": row.round,
        "account_id": me.account_id,
        "person_id": me.person_id,
        "at": at,
    }
    closings.answer_closing(**arguments)
    closings.answer_closing(**arguments)
    assert (closings.settle_closings(at=at), row.answers.count(), row.expected) == (0, 1, 3)


def test_a_kept_person_is_overwritten_when_the_last_day_is_over(
    person: Any, settle: Any, sources: Any, at: datetime
) -> None:
    me = person()
    sources["kept"].append(rights.OpenItem("记录", (at + timedelta(days=400)).date()))
    closings.ask_closing(by=me, at=at)
    settle()
    closings.close(password=PASSWORD, by=me, at=at)
    assert erasing.erase_kind(kind="persons", at=at + timedelta(days=400)) == 0
    late = at + timedelta(days=500)
    erasing.place_hold(person_id=me.person_id, why="复议期间", by=Actor(None, None, "s", system=True), at=at)
    assert erasing.erase_kind(kind="persons", at=late) == 0
    from_hold = desks.holds()[0]
    erasing.lift_hold(hold_id=from_hold.pk, by=Actor(None, None, "s", system=True), at=at)
    assert erasing.erase_kind(kind="persons", at=late) == 1
    assert erasing.erase_kind(kind="persons", at=late) == 0
    assert Person.objects.get(pk=me.person_id).name == "—"
