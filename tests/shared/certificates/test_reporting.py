"""A passed test is reported once and its number taken once, however the other side answers."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kernel import audit, clock, later
from kernel.access import SYSTEM
from kernel.errors import NotFound
from kernel.models import Outbox
from kernel.tenancy import current_schema, open_institution
from shared.certificates.models import Certificate, CertificateVersion
from shared.certificates.operations import corrections as certificate_corrections
from shared.certificates.operations import issuing, reporting
from shared.certificates.states import CertificateState
from shared.exchange.models.messages import Message
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.queries import messages as exchange_message_queries
from shared.identity.models.people import Person
from shared.notices.models import Notice
from shared.policy.queries import packs as pack_queries

Ask = Callable[..., Certificate]


def _go_on() -> None:
    """Let everything that waits for the ministry's system take its next step."""
    exchange_messages.push_due(real=clock.real_now(), everything=True)
    later.drain()


def _message_status(row: Certificate) -> exchange_message_queries.MessageStatus:
    status = exchange_message_queries.message_status("ministry", "result", str(row.request_id))
    assert status is not None
    return status


def test_a_passed_test_becomes_a_numbered_certificate(ask: Ask, ministry: Any, person: Person) -> None:
    row = ask()
    ministry.gives(row, "JX-TEST-26-0001")
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.number, str(row.issued_on), row.version) == ("issued", "JX-TEST-26-0001", "2026-03-03", 1)
    assert [step.verb for step in audit.history(row)] == [
        "certificate.request",
        "certificate.send",
        "certificate.issue",
    ]
    assert Notice.objects.get().template == "certificates.issued"


def test_the_report_says_what_the_protocol_asks(ask: Ask, ministry: Any, person: Person) -> None:
    row = ask()
    later.drain()
    assert ministry.reports == [
        {
            "request_id": str(row.request_id),
            "results": [
                {
                    "result_id": str(row.attempt_id),
                    "position": "SGY-TJ",
                    "name": "演示学员",
                    "id_number": person.id_number.reveal(),
                    "score": "81.00",
                    "institution_credit_code": "52360100MJ00000184",
                    "tested_on": "2026-03-02",
                }
            ],
            "as_of": row.requested_at.isoformat(),
        }
    ]
    reveal = audit.history(person)[-1]
    assert (reveal.verb, reveal.actor_name) == ("person.reveal-id-number", "system")


def test_asking_twice_for_an_attempt_makes_one_certificate(ask: Ask) -> None:
    first = ask()
    assert ask(attempt_id=first.attempt_id).pk == first.pk
    assert Certificate.objects.count() == 1
    assert Outbox.objects.filter(task="exchange.push").count() == 1
    assert Message.objects.count() == 1


def test_other_facts_for_a_known_attempt_are_refused(ask: Ask) -> None:
    first = ask()
    with pytest.raises(reporting.AnotherResult):
        ask(attempt_id=first.attempt_id, score=60)
    first.refresh_from_db()
    assert first.score == 81


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"position": "NO-SUCH"}, pack_queries.UnknownKey),
        ({"policy_version": "nowhere@9"}, NotFound),
        ({"person_id": uuid.uuid4()}, NotFound),
        ({"institution_id": uuid.uuid4()}, NotFound),
    ],
)
def test_an_unknown_thing_is_refused_and_nothing_is_kept(
    ask: Ask, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ask(**wrong)
    assert Certificate.objects.count() == 0
    assert (Outbox.objects.filter(task="exchange.push").count(), Message.objects.count()) == (0, 0)


def test_asked_from_within_an_institution_all_that_follows_is_shared(ask: Ask, institutions: Any) -> None:
    with open_institution(institutions[0]):
        row = ask()
        assert current_schema() == "t_alpha"
    assert Outbox.objects.get(task="exchange.push").schema == "public"
    assert [step.verb for step in audit.history(row)] == ["certificate.request"]


def test_a_report_that_does_not_arrive_is_tried_again(ask: Ask, ministry: Any) -> None:
    row = ask()
    ministry.report_answer = (503, {})
    later.drain()
    row.refresh_from_db()
    assert (row.state, _message_status(row).state, _message_status(row).fault) == ("requested", "queued", "HTTP 503")
    ministry.report_answer = (202, {})
    _go_on()
    row.refresh_from_db()
    assert (row.state, _message_status(row).state, _message_status(row).fault) == ("sent", "acknowledged", "")


def test_without_an_address_a_report_waits(ask: Ask, settings: Any) -> None:
    settings.NUOXING_FAKES_URL = ""
    row = ask()
    later.drain()
    row.refresh_from_db()
    assert (row.state, _message_status(row).state, _message_status(row).fault) == (
        "requested",
        "queued",
        "not-connected",
    )


def test_a_refused_report_is_told_and_settled_by_an_officer(ask: Ask, ministry: Any, officer: Any, at: Any) -> None:
    row = ask()
    ministry.report_answer = (422, {"detail": "身份信息不符"})
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("refused", "身份信息不符")
    ministry.report_answer = (202, {})
    certificate_corrections.report_again(certificate_id=row.pk, remark="已更正姓名", by=officer, at=at)
    later.drain()
    before = row.request_id
    row.refresh_from_db()
    assert (row.state, row.trouble, row.request_id == before) == ("sent", "", False)


def test_a_late_number_is_taken_when_it_comes(ask: Ask, ministry: Any) -> None:
    row = ask()
    later.drain()
    row.refresh_from_db()
    assert row.state == "sent"
    ministry.gives(row, "JX-TEST-26-0002")
    real = clock.real_now() + timedelta(seconds=9)
    assert exchange_messages.push_due(real=real) == 1
    assert exchange_messages.push_due(real=real) == 0
    later.drain()
    row.refresh_from_db()
    assert row.number == "JX-TEST-26-0002"


def test_the_clockwork_run_by_hand_asks_for_everything_that_waits(ask: Ask, ministry: Any, at: Any) -> None:
    row = ask()
    later.drain()
    ministry.gives(row, "JX-TEST-26-0003")
    with clock.at(at):
        later.run_periodic_task("exchange.push_due", at=at)
    later.drain()
    row.refresh_from_db()
    assert row.number == "JX-TEST-26-0003"


def test_the_pauses_grow_to_an_hour(ask: Ask, ministry: Any, at: Any) -> None:
    ask()
    later.drain()
    message, real, pauses = Message.objects.get(), clock.real_now(), []
    for _round in range(14):
        exchange_messages.push(message_id=message.pk, at=at, real=real)
        message.refresh_from_db()
        pauses.append((message.next_at - real).total_seconds())
    assert pauses[:4] == [8, 16, 32, 64]
    assert pauses[-1] == 3600


def test_the_same_number_twice_changes_nothing(issued: Certificate, at: Any) -> None:
    issuing.receive_number(certificate_id=issued.pk, number="JX-TEST-26-0001", issued_on=issued.issued_on, at=at)
    issued.refresh_from_db()
    assert (issued.version, issued.trouble) == (1, "")
    assert CertificateVersion.objects.count() == 1


def test_another_number_for_a_numbered_certificate_is_only_written_down(issued: Certificate, at: Any) -> None:
    for _time in range(2):
        issuing.receive_number(certificate_id=issued.pk, number="JX-TEST-26-0009", issued_on=issued.issued_on, at=at)
    issued.refresh_from_db()
    assert issued.number == "JX-TEST-26-0001"
    assert "JX-TEST-26-0009" in issued.trouble
    assert [s.verb for s in audit.history(issued)].count("certificate.other-number") == 1


def test_a_number_is_never_given_to_two(ask: Ask, ministry: Any, issued: Certificate, at: Any) -> None:
    second = ask(position="SGY-ZS")
    ministry.gives(second, "JX-TEST-26-0001")
    later.drain()
    second.refresh_from_db()
    assert (second.state, second.number) == ("sent", None)
    assert "JX-TEST-26-0001" in second.trouble


def test_a_name_that_cannot_be_printed_waits_and_says_which_character(ask: Ask, ministry: Any, person: Any) -> None:
    Person.objects.filter(pk=person.pk).update(name="演𠀀")
    row = ask()
    ministry.gives(row, "JX-TEST-26-0001")
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.number, row.versions.count()) == ("sent", None, 0)
    assert ("𠀀" in row.trouble, "U+20000" in row.trouble) == (True, True)
    Person.objects.filter(pk=person.pk).update(name="演示")
    _go_on()
    row.refresh_from_db()
    assert (row.state, row.number, row.trouble) == ("issued", "JX-TEST-26-0001", "")


def test_a_refusal_after_a_number_changes_nothing(issued: Certificate, at: Any) -> None:
    issuing.receive_refusal(certificate_id=issued.pk, reason="too late", at=at)
    issued.refresh_from_db()
    assert (issued.state, issued.trouble) == ("issued", "")


def test_a_number_after_a_refusal_counts(ask: Ask, ministry: Any, at: Any) -> None:
    row = ask()
    ministry.refuses(row, "重复")
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("refused", "重复")
    issuing.receive_number(certificate_id=row.pk, number="JX-TEST-26-0004", issued_on=row.tested_on, at=at)
    row.refresh_from_db()
    assert (row.state, row.number, row.trouble) == ("issued", "JX-TEST-26-0004", "")


def test_a_number_that_overtakes_the_report_counts(ask: Ask, ministry: Any, at: Any) -> None:
    row = ask()
    issuing.receive_number(certificate_id=row.pk, number="JX-TEST-26-0005", issued_on=row.tested_on, at=at)
    later.drain()
    row.refresh_from_db()
    assert (row.state, ministry.reports) == ("issued", [])


@pytest.mark.parametrize("body", ["nonsense", {"certificates": [{"number": "X"}]}, {"certificates": "?"}])
def test_an_answer_that_cannot_be_read_decides_nothing(ask: Ask, ministry: Any, body: Any) -> None:
    row = ask()
    ministry.answers[str(row.request_id)] = (200, body)
    later.drain()
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_number_for_another_result_decides_nothing(ask: Ask, ministry: Any) -> None:
    row = ask()
    line = {"result_id": str(uuid.uuid4()), "number": "JX-TEST-26-0007", "issued_on": "2026-03-03"}
    ministry.answers[str(row.request_id)] = (200, {"certificates": [line]})
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.number) == (CertificateState.SENT, None)


def test_sending_again_what_was_sent_does_nothing(ask: Ask, ministry: Any, at: Any) -> None:
    row = ask()
    later.drain()
    reporting.send_result(row, at=at)
    later.drain()
    assert (len(ministry.reports), Message.objects.count()) == (1, 1)
    assert SYSTEM.system
