"""Telling people things: in the application, by message, once."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.template import loader
from django.test.utils import CaptureQueriesContext

from kernel import audit, clock, crypto, later
from kernel.access import Actor
from kernel.errors import NotFound
from kernel.fields import uuid7
from kernel.models import Outbox, OutsideSystem
from shared.identity import adapters as identity_adapters
from shared.identity.models.accounts import Account
from shared.identity.operations import accounts
from shared.identity.queries import accounts as account_queries
from shared.notices import adapters as notice_adapters
from shared.notices import methods as notice_methods
from shared.notices import operations as notices
from shared.notices import queries as notice_queries
from shared.notices.models import Message, Notice
from support.listening import Heard, listening

ROOT = Path(__file__).resolve().parents[3]
WORDS = {"role": "教师", "at": "演示培训学校甲", "url": "http://nuoxing.localhost:8000/account/home/"}


@pytest.fixture
def account(public_db: None, at: datetime) -> account_queries.AccountValue:
    """An account found by a mobile number."""
    return accounts.register_account(identifier="13800000001", password="x", name="李小路", at=at)


def _send(to: Any, at: datetime, **other: Any) -> Notice | None:
    arguments: dict[str, Any] = {"template": "identity.granted", "context": WORDS}
    return Notice.objects.filter(pk=notices.send(to=to, at=at, **(arguments | other))).first()


def test_an_account_is_told_in_the_application_and_by_sms(account: account_queries.AccountValue, at: datetime) -> None:
    notice = _send(account, at)
    assert notice is not None
    assert (notice.account_id, notice.path) == (account.id, WORDS["url"])
    message = Message.objects.get()
    assert (message.channel, message.address.reveal(), message.state) == ("sms", "13800000001", "queued")
    assert "教师" in message.body.reveal()


def test_words_come_in_the_readers_language(account: account_queries.AccountValue, at: datetime) -> None:
    Account.objects.filter(pk=account.id).update(language="en")
    _send(account, at)
    assert Message.objects.get().subject == "New role: 教师"
    notices = notice_queries.inbox(Actor(account.id))
    assert notice_queries.notice_values(notices, "en")[0].title == "New role: 教师"


def test_an_address_without_an_account_gets_a_message_alone(public_db: None, at: datetime) -> None:
    assert _send("someone@example.com", at) is None
    assert (Notice.objects.count(), Message.objects.get().channel) == (0, "email")


@pytest.mark.parametrize(("wanted", "sent"), [("sms", "sms"), ("email", "sms")])
def test_a_channel_falls_back_on_what_the_account_has(
    account: account_queries.AccountValue, at: datetime, wanted: str, sent: str
) -> None:
    _send(account, at, channels=[wanted])
    assert (Message.objects.get().channel, Notice.objects.count()) == (sent, 0)


def test_in_the_application_alone_sends_nothing(account: account_queries.AccountValue, at: datetime) -> None:
    _send(account, at, channels=["in_app"])
    assert (Message.objects.count(), Notice.objects.count()) == (0, 1)


def test_under_one_key_one_is_told_once(account: account_queries.AccountValue, at: datetime) -> None:
    first = _send(account, at, key="granted:1")
    assert _send(account, at, key="granted:1") == first
    _send(account, at, key="granted:2")
    assert (Notice.objects.count(), Message.objects.count()) == (2, 2)


def test_words_that_are_not_written_are_a_fault_that_says_where(
    account: account_queries.AccountValue, at: datetime
) -> None:
    with pytest.raises(notice_methods.TemplateMissing, match=r"frontend/templates/nowhere/notices/nothing\.txt"):
        _send(account, at, template="nowhere.nothing")
    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)


def test_addresses_and_texts_lie_encrypted(account: account_queries.AccountValue, at: datetime) -> None:
    _send(account, at, channels=["sms"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM notices_message m")
        column = cursor.fetchone()[0]
    assert "13800000001" not in column
    assert "演示培训学校甲" not in column


def test_a_demonstration_shows_what_was_sent(
    account: account_queries.AccountValue, at: datetime, settings: Any, visit: Any
) -> None:
    settings.NUOXING_DEMO = True
    _send(account, at)
    later.drain(until=clock.real_now())
    assert Message.objects.get().state == "sent"
    page = visit().get("/demo/outbox/").content.decode()
    assert "13800000001" in page
    assert "演示培训学校甲" in page


def test_outside_a_demonstration_the_open_outbox_does_not_exist(
    account: account_queries.AccountValue, visit: Any
) -> None:
    assert visit().get("/demo/outbox/").status_code == 404


def test_the_operators_outbox_is_masked_outside_a_demonstration(
    account: account_queries.AccountValue, at: datetime, as_actor: Any
) -> None:
    _send(account, at)
    values = notice_queries.messages(notice_queries.outbox(), whole=False)
    assert [(m.address, m.body) for m in values] == [("138****0001", "")]


def test_without_a_provider_a_message_fails_with_words(account: account_queries.AccountValue, at: datetime) -> None:
    _send(account, at)
    later.drain(until=clock.real_now())
    row = Message.objects.get()
    assert (row.state, row.error) == ("failed", "no provider is configured for this channel")
    assert audit.history(row)[-1].verb == "message.fail"


def test_an_email_goes_out_over_the_server_of_the_environment(public_db: None, at: datetime, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example:25"
    _send("someone@example.com", at)
    later.drain(until=clock.real_now())
    assert [(m.to, m.subject) for m in mail.outbox] == [(["someone@example.com"], "新角色：教师")]
    notices.deliver(message_id=Message.objects.get().pk, at=at)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("url", "sender", "starttls", "tls"),
    [
        ("smtp://mail.example:25", "no-reply@nuoxing.localhost", False, False),
        ("smtps://train%40example.cn:x@mail.example", "train@example.cn", False, True),
        ("smtp://train%40example.cn:x@mail.example:587", "train@example.cn", True, False),
        ("smtps://robot:x@mail.example/?from=train@example.cn", "train@example.cn", False, True),
    ],
)
def test_an_email_is_sent_by_the_one_who_signs_in_and_sealed_as_the_port_wants(
    url: str, sender: str, starttls: bool, tls: bool, public_db: None, at: datetime, settings: Any, monkeypatch: Any
) -> None:
    connections: list[dict[str, Any]] = []
    original = notice_adapters.get_connection

    def get_connection(**arguments: Any) -> Any:
        connections.append(arguments)
        return original(**arguments)

    monkeypatch.setattr(notice_adapters, "get_connection", get_connection)
    settings.EMAIL_URL = url
    _send("someone@example.com", at)
    later.drain(until=clock.real_now())
    assert [m.from_email for m in mail.outbox] == [sender]
    assert [(c["use_tls"], c["use_ssl"]) for c in connections] == [(starttls, tls)]


def test_where_one_tries_things_out_the_operators_outbox_shows_what_nobody_carries(
    account: account_queries.AccountValue, at: datetime, settings: Any, acting: Any, as_actor: Any, visit: Any
) -> None:
    settings.NUOXING_SHOW_MESSAGES = True
    _send(account, at)
    later.drain(until=clock.real_now())
    assert Message.objects.get().state == "sent"
    page = acting(as_actor("platform_operator")).get("/operator/outbox/").content.decode()
    assert "13800000001" in page
    assert WORDS["url"] in page
    assert "本服务器仅供试用" in page
    assert visit().get("/demo/outbox/").status_code == 404


def test_the_outbox_says_in_the_readers_words_why_a_message_was_not_delivered(
    account: account_queries.AccountValue, at: datetime
) -> None:
    _send(account, at)
    later.drain(until=clock.real_now())
    Message.objects.update(error="the SMS service refused: isv.MOBILE_NUMBER_ILLEGAL 号码有误")
    values = notice_queries.messages(notice_queries.outbox(), whole=False)
    assert [value.error for value in values] == ["短信服务拒绝发送: isv.MOBILE_NUMBER_ILLEGAL 号码有误"]


def test_an_email_carries_the_same_number_however_often_it_is_sent(
    public_db: None, at: datetime, settings: Any
) -> None:
    settings.EMAIL_URL = "smtp://mail.example:25"
    _send("someone@example.com", at)
    later.drain(until=clock.real_now())
    row = Message.objects.get()
    assert mail.outbox[0].extra_headers == {"Message-ID": f"<{row.pk}@{settings.NUOXING_HOST}>"}


def test_an_address_that_the_mail_server_refuses_ends_the_message_and_is_no_fault_of_the_server(
    public_db: None, at: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(message: EmailMessage) -> int:
        raise SMTPRecipientsRefused(dict.fromkeys(message.to, (550, b"no such user")))

    monkeypatch.setattr(EmailMessage, "send", refuse)
    settings.EMAIL_URL = "smtp://mail.example:25"
    _send("someone@example.com", at)
    later.drain(until=clock.real_now())
    assert (Message.objects.get().state, Message.objects.get().error) == ("failed", "the server refuses this address")
    assert not OutsideSystem.objects.exists()


@pytest.mark.parametrize(
    ("template", "priority"),
    [("identity.code", 0), ("identity.recovery_asked", 0), ("identity.security", 1), ("identity.invitation", 2)],
)
def test_whoever_waits_for_a_message_gets_it_before_those_who_do_not(
    public_db: None, template: str, priority: int
) -> None:
    identity_adapters.queue_message("13800000001", template, code="123456")
    sending = Outbox.objects.get(task="notices.send")
    later.deliver(sending.pk)
    assert (sending.priority, Outbox.objects.get(task="notices.deliver").priority) == (priority, priority)


def test_what_a_lower_app_asks_for_travels_sealed(account: account_queries.AccountValue, at: datetime) -> None:
    arguments = {"to": "13800000001", "template": "identity.code", "context": {"code": "123456"}, "channels": ["sms"]}
    notices.send_sealed(sealed=crypto.encrypt(json.dumps(arguments)).hex(), at=at)
    assert "123456" in Message.objects.get().body.reveal()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "frontend" / "templates").glob("*/notices/*.txt")), ids=lambda p: f"{p.parts[-3]}.{p.stem}"
)
def test_all_words_can_be_read(path: Path) -> None:
    loader.get_template(f"{path.parts[-3]}/notices/{path.name}")
    words = notice_methods.words(f"{path.parts[-3]}.{path.stem}", {}, "en")
    assert words.title != ""
    assert len(words.title) < 200


def test_one_reads_ones_own_notices_only(account: account_queries.AccountValue, at: datetime) -> None:
    notice = _send(account, at)
    assert notice is not None
    with pytest.raises(NotFound):
        notices.mark_read(notice_id=notice.pk, by=Actor(uuid7()), at=at)
    assert notice_queries.unread(Actor(account.id)) == 1
    notices.mark_read(notice_id=notice.pk, by=Actor(account.id), at=at)
    assert notice_queries.unread(Actor(account.id)) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_an_inbox_costs_one_query(account: account_queries.AccountValue, at: datetime, count: int) -> None:
    for _ in range(count):
        _send(account, at)
    with CaptureQueriesContext(connection) as captured:
        assert len(notice_queries.notice_values(notice_queries.inbox(Actor(account.id)))) == count
    assert sum("search_path" not in q["sql"] for q in captured.captured_queries) == 1


class _Gateway:
    """Takes SMS, or answers with the status it is told."""

    def __init__(self) -> None:
        self.status = 202
        self.taken: list[dict[str, str]] = []

    def answer(self, heard: Heard) -> tuple[int, None]:
        """Take one."""
        self.taken.append({"path": heard.path} | heard.json)
        return self.status, None


@pytest.fixture
def gateway(settings: Any) -> Iterator[_Gateway]:
    """An SMS gateway on a port of its own."""
    made = _Gateway()
    with listening(made.answer) as settings.NUOXING_FAKES_URL:
        yield made


def test_an_sms_goes_to_the_gateway_with_its_key(
    account: account_queries.AccountValue, at: datetime, gateway: _Gateway
) -> None:
    _send(account, at)
    later.drain(until=clock.real_now())
    row = Message.objects.get()
    assert row.state == "sent"
    assert gateway.taken == [{"path": "/sms/", "key": str(row.pk), "to": "13800000001", "text": row.body.reveal()}]


@pytest.mark.parametrize(("status", "state"), [(422, "failed"), (500, "queued")])
def test_a_gateway_that_refuses_ends_a_message_and_one_that_fails_is_asked_again(
    account: account_queries.AccountValue, at: datetime, gateway: _Gateway, status: int, state: str
) -> None:
    gateway.status = status
    _send(account, at)
    later.drain(until=clock.real_now())
    assert Message.objects.get().state == state
