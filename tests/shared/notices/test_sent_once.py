"""An SMS goes once, though a worker dies between the service's yes and our commit: the service is asked what it has."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from kernel import clock, later
from kernel.models import Outbox, OutsideSystem
from shared.notices import operations as notices
from shared.notices.adapters import aliyun
from shared.notices.models import Message
from support.listening import Heard, listening

CODE = "验证码 ${code}，15分钟内有效。我们的工作人员不会向您索要验证码。"


class Service:
    """What the service heard, what it says it has, and how it answers what is handed over."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str]]] = []
        self.key, self.has, self.pause = "", False, 0.0
        self.says: Any = None

    def answer(self, request: Heard) -> tuple[int, Any]:
        action = {name.lower(): value for name, value in request.headers.items()}["x-acs-action"]
        self.heard.append((action, dict(parse_qsl(urlsplit(request.path).query))))
        if action == "QuerySendDetails":
            return 200, self._list() if self.says is None else self.says
        time.sleep(self.pause)
        return 200, {"Code": "OK"}

    def _list(self) -> Any:
        rows = [{"OutId": "another"}] + ([{"OutId": self.key, "SendStatus": 3}] if self.has else [])
        return {"Code": "OK", "TotalCount": len(rows), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}

    @property
    def actions(self) -> list[str]:
        return [action for action, _parameters in self.heard]


@pytest.fixture
def service(settings: Any, public_db: None) -> Iterator[Service]:
    """The service, with our settings for it and every sentence approved that is sent here."""
    service = Service()
    with listening(service.answer) as url:
        settings.NUOXING_SMS, settings.NUOXING_SMS_SIGN = "aliyun", "诺星"
        settings.NUOXING_SMS_TEMPLATES = {"SMS_1": CODE, "SMS_2": "${any}"}
        settings.ALIYUN_ACCESS_KEY_ID, settings.ALIYUN_ACCESS_KEY_SECRET = "id", "secret"
        settings.ALIYUN_SMS_ENDPOINT = url
        yield service


def _ask(service: Service, template: str, at: datetime, **outbox: int) -> Message:
    """Ask for a message whose task was tried before as `outbox` says, and run it."""
    context = {"code": "204816"} if template == "identity.code" else {"url": "/x/", "name": "演示"}
    notices.send(to="13800000001", template=template, context=context, at=at, channels=["sms"])
    service.key = str(Message.objects.get().pk)
    Outbox.objects.filter(task="notices.deliver").update(**outbox)
    for row in Outbox.objects.filter(task="notices.deliver", done_at=None):
        later.deliver(row.pk)
    return Message.objects.get()


OTHER = "identity.invitation"


@pytest.mark.parametrize("template", ["identity.code", OTHER])
def test_a_first_attempt_asks_nothing_and_hands_over_once(service: Service, at: datetime, template: str) -> None:
    assert _ask(service, template, at).state == "sent"
    assert service.actions == ["SendSms"]


@pytest.mark.parametrize("template", ["identity.code", OTHER])
@pytest.mark.parametrize("before", [{"lost_attempts": 1}, {"attempts": 1}], ids=["worker died", "commit failed"])
def test_what_the_service_has_already_is_not_handed_over_again(
    service: Service, template: str, before: dict[str, int]
) -> None:
    service.has, real = True, clock.real_now()
    row = _ask(service, template, real, **before)
    assert (row.state, service.actions) == ("sent", ["QuerySendDetails"])
    asked = service.heard[0][1]
    assert (asked["PhoneNumber"], asked["PageSize"], asked["CurrentPage"]) == ("13800000001", "50", "1")
    assert asked["SendDate"] == f"{clock.legal_day(real):%Y%m%d}"


def test_what_the_service_has_not_is_handed_over_after_a_worker_s_death(service: Service, at: datetime) -> None:
    assert _ask(service, OTHER, at, lost_attempts=1).state == "sent"
    assert service.actions[-1] == "SendSms"
    assert service.actions.count("SendSms") == 1


def test_a_code_whose_worker_died_is_not_handed_over_again_by_itself(service: Service, at: datetime) -> None:
    """Its list may lag, two codes confuse whoever waits, and whoever waits asks for another by a button."""
    row = _ask(service, "identity.code", at, lost_attempts=1)
    assert (row.state, "SendSms" in service.actions) == ("failed", False)
    assert "may have been sent" in row.error


def test_a_code_that_certainly_did_not_arrive_is_handed_over_when_it_is_tried_again(
    service: Service, at: datetime
) -> None:
    assert _ask(service, "identity.code", at, attempts=1).state == "sent"
    assert service.actions[-1] == "SendSms"


@pytest.mark.parametrize(("template", "state"), [("identity.code", "failed"), (OTHER, "queued")])
def test_of_no_answer_to_what_was_handed_over_a_code_ends_and_the_rest_is_asked_again(
    service: Service, at: datetime, monkeypatch: pytest.MonkeyPatch, template: str, state: str
) -> None:
    monkeypatch.setattr(aliyun, "TIMEOUT", 0.2)
    service.pause = 0.6
    row = _ask(service, template, at)
    assert (row.state, service.actions) == (state, ["SendSms"])
    assert OutsideSystem.objects.filter(name="sms").exists() == (state == "queued")


@pytest.mark.parametrize("said", [{"Code": "Forbidden.RAM"}, ["no", "object"]])
def test_a_service_that_does_not_say_what_it_has_keeps_no_notice_back(
    service: Service, at: datetime, said: Any
) -> None:
    service.says = said
    assert _ask(service, OTHER, at, lost_attempts=1).state == "sent"
    assert not OutsideSystem.objects.exists()
