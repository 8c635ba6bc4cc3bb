"""SMS by Alibaba Cloud: signed as its documents say, in sentences that it has approved, against a stand-in."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command

from kernel import clock, later
from kernel.models import OutsideSystem
from shared.notices import methods as notice_methods
from shared.notices import operations as notices
from shared.notices.adapters import Undeliverable, aliyun
from shared.notices.models import Message
from support.listening import Heard, listening

CODE = "验证码${code}，${minutes}分钟内有效。"
SENTENCE = "验证码 ${code}，15分钟内有效。我们的工作人员不会向您索要验证码。"


@contextmanager
def gateway(settings: Any, answer: Callable[[Heard], tuple[int, Any]]) -> Iterator[None]:
    """Have the service answer so, with our settings for it."""
    with listening(answer) as url:
        settings.NUOXING_SMS = "aliyun"
        settings.NUOXING_SMS_SIGN = "诺星"
        settings.NUOXING_SMS_TEMPLATES = {"SMS_9": "不相干${x}", "SMS_1": f"【诺星】{SENTENCE}"}
        settings.ALIYUN_ACCESS_KEY_ID, settings.ALIYUN_ACCESS_KEY_SECRET = "id", "secret"
        settings.ALIYUN_SMS_ENDPOINT = url
        yield


def _send_code(at: datetime, code: str = "204816") -> None:
    notices.send(to="13800000001", template="identity.code", context={"code": code}, at=at, channels=["sms"])
    later.drain(until=clock.real_now())


def test_the_signature_is_the_one_that_the_service_publishes_as_an_example() -> None:
    query = aliyun.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = aliyun.signed_headers(
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query=query,
        key="YourAccessKeyId",
        secret="YourAccessKeySecret",
        nonce="3156853299f313e23d1673dc12e1703d",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
    )
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_parameters_are_encoded_as_the_signature_wants_them() -> None:
    assert aliyun.canonical_query({"b": "a b*c+~/", "A": "诺"}) == "A=%E8%AF%BA&b=a%20b%2Ac%2B~%2F"


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("【诺星】验证码204816，15分钟内有效。", {"code": "204816", "minutes": "15"}),
        ("【诺星】验证码，15分钟内有效。", None),
        ("【诺星】验证码204816，15分钟内有效。请勿转发。", None),
    ],
)
def test_a_sentence_goes_out_only_where_an_approved_one_is_the_same(body: str, values: dict[str, str] | None) -> None:
    if values is None:
        with pytest.raises(Undeliverable):
            aliyun.approved(body, {"SMS_1": CODE})
    else:
        assert aliyun.approved(body, {"SMS_0": "别的${code}", "SMS_1": CODE}) == ("SMS_1", values)


def test_a_code_is_handed_over_signed_with_its_template_and_its_values(
    public_db: None, at: datetime, settings: Any
) -> None:
    heard: list[Heard] = []

    def answer(request: Heard) -> tuple[int, Any]:
        heard.append(request)
        return 200, {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "2"}

    with gateway(settings, answer):
        _send_code(at)
    row = Message.objects.get()
    assert row.state == "sent"
    request = heard[0]
    parameters = dict(parse_qsl(urlsplit(request.path).query))
    assert json.loads(parameters.pop("TemplateParam")) == {"code": "204816"}
    assert parameters == {
        "OutId": str(row.pk),
        "PhoneNumbers": "13800000001",
        "SignName": "诺星",
        "TemplateCode": "SMS_1",
    }
    headers = {name.lower(): value for name, value in request.headers.items()}
    made_at = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(made_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert headers["x-acs-action"] == "SendSms"
    assert (
        headers["authorization"]
        == aliyun.signed_headers(
            host=headers["host"],
            action="SendSms",
            version="2017-05-25",
            query=urlsplit(request.path).query,
            key="id",
            secret="secret",
            nonce=headers["x-acs-signature-nonce"],
            at=made_at,
        )["Authorization"]
    )


@pytest.mark.parametrize("code", ["isv.MOBILE_NUMBER_ILLEGAL", "isv.BUSINESS_LIMIT_CONTROL"])
def test_what_is_wrong_with_one_message_ends_it_and_nothing_else(
    public_db: None, at: datetime, settings: Any, code: str
) -> None:
    with gateway(settings, lambda _request: (200, {"Code": code, "Message": "号码有误"})):
        _send_code(at)
    row = Message.objects.get()
    assert (row.state, code in row.error) == ("failed", True)
    assert not OutsideSystem.objects.exists()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, {"Code": "isv.AMOUNT_NOT_ENOUGH", "Message": "余额不足"}),
        (400, {"Code": "SignatureDoesNotMatch", "Message": "no"}),
        (503, None),
        (200, ["no", "object"]),
    ],
)
def test_what_is_wrong_with_us_or_the_service_lets_the_message_wait(
    public_db: None, at: datetime, settings: Any, status: int, said: Any
) -> None:
    with gateway(settings, lambda _request: (status, said)):
        _send_code(at)
    assert Message.objects.get().state == "queued"
    assert OutsideSystem.objects.get().name == "sms"


def test_a_sentence_that_nobody_had_approved_fails_with_words(public_db: None, at: datetime, settings: Any) -> None:
    heard: list[Heard] = []

    def answer(request: Heard) -> tuple[int, Any]:
        heard.append(request)
        return 200, {"Code": "OK"}

    with gateway(settings, answer):
        settings.NUOXING_SMS_TEMPLATES = {"SMS_9": "不相干${x}"}
        _send_code(at)
    assert (Message.objects.get().state, heard) == ("failed", [])
    assert "no approved template" in Message.objects.get().error


def test_a_command_prints_every_sentence_as_it_is_to_be_approved(settings: Any) -> None:
    settings.NUOXING_SMS_TEMPLATES = {"SMS_1": SENTENCE}
    out = StringIO()
    call_command("sms_templates", stdout=out)
    lines = [line.split("\t") for line in out.getvalue().splitlines()]
    assert [line[0] for line in lines] == notice_methods.template_keys()
    assert ["identity.code", "SMS_1", f"【诺星】{SENTENCE}"] in lines
    assert all(line[1] == "-" for line in lines if line[0] != "identity.code")
    assert "${url}" in next(line[2] for line in lines if line[0] == "identity.invitation")
