"""SMS by Alibaba Cloud (阿里云短信, SendSms of 2017-05-25), over plain HTTPS with its signature version 3.

Carriers in China send nothing but templates that they have approved: what is sent is a template and the values of
its variables. Our sentences are compared with the approved ones; where one is the same but for its variables, these are
read from ours. So a person reads what our records say, and a sentence that nobody has had approved is not sent.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_noop

from kernel import clock, outside
from kernel.web.http import trust

from .faults import Undeliverable

ACTION, QUERY, VERSION = "SendSms", "QuerySendDetails", "2017-05-25"
TIMEOUT = 10.0
DAYS_LISTED = 30
SIGNING = "ACS3-HMAC-SHA256"
REFUSED = gettext_noop("the SMS service refused")
FOR_GOOD = frozenset({
    "isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.BUSINESS_LIMIT_CONTROL", "isv.PARAM_LENGTH_LIMIT", "isv.PARAM_NOT_SUPPORT_URL", "isv.INVALID_PARAMETERS",
    "isv.TEMPLATE_MISSING_PARAMETERS", "isv.SMS_TEMPLATE_ILLEGAL", "isv.TEMPLATE_PARAMS_ILLEGAL",
    "isv.INVALID_JSON_PARAM", "isv.SMS_CONTENT_ILLEGAL", "isv.UNSUPPORTED_CONTENT",
})  # fmt: skip
"""Answers that are about this one message; all others are about us or the service, and wait until that is mended."""

_SIGN = re.compile(r"^\s*(?:【[^】]*】|\[[^\]]*\])\s*")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class NotAccepted(Exception):
    """The service answered, and took nothing, for a reason that is not this message's."""


def approved(body: str, templates: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the code of the approved template that a sentence is an instance of, and the values of its variables.

    The signature in front is the carrier's to put there. Raises Undeliverable where none is the same sentence.
    """
    text = " ".join(_SIGN.sub("", body).split())
    for code, template in templates.items():
        parts = _VARIABLE.split(" ".join(_SIGN.sub("", template).split()))
        pattern = "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
        if match := re.fullmatch(pattern, text):
            return code, match.groupdict()
    raise Undeliverable(gettext_noop("no approved template of the SMS service is this sentence"))


def signed_headers(
    *, host: str, action: str, version: str, query: str, key: str, secret: str, nonce: str, at: datetime
) -> dict[str, str]:
    """Return the headers of a POST without a body, signed (version 3); `query` is in canonical order."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join(["POST", "/", query, lines, names, headers["x-acs-content-sha256"]])
    text = f"{SIGNING}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"{SIGNING} Credential={key},SignedHeaders={names},Signature={signature}"
    return headers


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return parameters as the signature wants them: in the order of their names, percent-encoded after RFC 3986."""
    return "&".join(f"{quote(name, safe='~')}={quote(parameters[name], safe='~')}" for name in sorted(parameters))


class AliyunBackend:
    """SMS by Alibaba Cloud. It knows no keys, but lists what it took under our number (OutId), for thirty days."""

    repeatable = False

    def __init__(self, *, endpoint: str, key: str, secret: str, sign: str, templates: Mapping[str, str]) -> None:
        """Keep where the service is, who we are there, and what it has approved."""
        self.endpoint, self.key, self.secret, self.sign, self.templates = endpoint, key, secret, sign, templates

    def deliver(self, *, key: str, address: str, subject: str, body: str) -> None:
        """Hand over."""
        code, values = approved(body, self.templates)
        query = canonical_query(
            {
                "OutId": key,
                "PhoneNumbers": address,
                "SignName": self.sign,
                "TemplateCode": code,
                "TemplateParam": json.dumps(values, ensure_ascii=False),
            }
        )
        with self._calling():
            self._check(self._post(ACTION, query))

    def has(self, *, key: str, address: str, since: datetime) -> bool:
        """Say whether the service lists a message of this key to this number, of the days since it was made.

        Where it does not say (it may not be allowed to), the answer is no.
        """
        last = clock.legal_day(clock.real_now())
        first = max(min(clock.legal_day(since), last), last - timedelta(days=DAYS_LISTED - 1))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return any(self._lists(key, address, day) for day in days)

    def _lists(self, key: str, address: str, day: date) -> bool:
        parameters = {"PhoneNumber": address, "SendDate": f"{day:%Y%m%d}", "PageSize": "50", "CurrentPage": "1"}
        with self._calling():
            answer = self._post(QUERY, canonical_query(parameters))
        try:
            return any(str(row["OutId"]) == key for row in answer.json()["SmsSendDetailDTOs"]["SmsSendDetailDTO"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return False

    def _calling(self) -> AbstractContextManager[None]:
        import httpx  # 7 MB: only a process that calls out has it

        return outside.call("sms", faults=(httpx.HTTPError, NotAccepted))

    def _post(self, action: str, query: str) -> Any:
        import httpx  # 7 MB: only a process that calls out has it

        headers = signed_headers(
            host=urlsplit(self.endpoint).netloc,
            action=action,
            version=VERSION,
            query=query,
            key=self.key,
            secret=self.secret,
            nonce=secrets.token_hex(16),
            at=clock.real_now(),
        )
        url = f"{self.endpoint}/?{query}"
        return httpx.post(url, headers=headers, timeout=TIMEOUT, trust_env=False, verify=trust())

    def _check(self, answer: Any) -> None:
        """Raise what an answer means where it is no yes."""
        try:
            said = answer.json()
            code, detail = str(said["Code"]), str(said.get("Message", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotAccepted(f"answered {answer.status_code} without a code") from None
        if code in FOR_GOOD:
            raise Undeliverable(f"{REFUSED}: {code} {detail}"[:300])
        if code != "OK":
            raise NotAccepted(f"{code} {detail}")
