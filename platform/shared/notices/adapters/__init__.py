"""Delivery backends of messages: one interface, chosen by what the environment offers."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_noop

from kernel import outside
from kernel.web.http import trust

from ..states import Channel
from . import aliyun
from .faults import Undeliverable

__all__ = ["Undeliverable", "backend_for", "perhaps_taken", "shows_messages"]

SUBMISSION = 587  # RFC 6409: a server that takes mail of people who sign in, after STARTTLS
REFUSED = gettext_noop("the gateway refused")
TOO_MANY = 429  # it asks us to wait: no refusal of the message


class Backend(Protocol):
    """Takes one message to its address; raises Undeliverable, or outside.Fault to be tried again when the carrier
    answers. `repeatable` says whether the same message, handed over again under its key, is read once (the carrier
    knows keys, or the reader's post folds what has one Message-ID).
    """

    repeatable: bool

    def has(self, *, key: str, address: str, since: datetime) -> bool:
        """Say whether the carrier names a message among those it has taken; asked where it is not repeatable."""

    def deliver(self, *, key: str, address: str, subject: str, body: str) -> None:
        """Deliver, or raise."""


class _Repeatable:
    repeatable = True

    def has(self, *, key: str, address: str, since: datetime) -> bool:
        """Leave it to the key."""
        return False


class OutboxPageBackend(_Repeatable):
    """In a demonstration, and where one tries things out, nothing is sent: the outbox page shows every message."""

    def deliver(self, *, key: str, address: str, subject: str, body: str) -> None:
        """Leave it on the page."""


class SmtpBackend(_Repeatable):
    """E-mail over the server that EMAIL_URL names (smtp[s]://user:password@host:port/?from=address).

    smtps speaks TLS from the beginning; port 587 begins it with STARTTLS. Many servers send for nobody but the one who
    signed in: without `from`, a user's name that is an address is the sender.
    """

    def __init__(self, url: str) -> None:
        """Read the URL."""
        self.parts = urlsplit(url)
        user = unquote(self.parts.username or "")
        own = user if "@" in user else f"no-reply@{settings.NUOXING_HOST}"
        self.sender = parse_qs(self.parts.query).get("from", [own])[0]

    def deliver(self, *, key: str, address: str, subject: str, body: str) -> None:
        """Send."""
        parts = self.parts
        connection = get_connection(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_ssl=parts.scheme == "smtps",
            use_tls=parts.scheme == "smtp" and parts.port == SUBMISSION,
            timeout=20,
        )
        # the same number whenever it is sent again: a server or reader that knows it shows the message once
        headers = {"Message-ID": f"<{key}@{settings.NUOXING_HOST}>"}
        message = EmailMessage(subject, body, self.sender, [address], connection=connection, headers=headers)
        with outside.call("email", faults=OSError):  # an SMTPException is one
            try:
                message.send()
            except SMTPRecipientsRefused as refusal:
                if not all(code >= 500 for code, _detail in refusal.recipients.values()):
                    raise
                raise Undeliverable(gettext_noop("the server refuses this address")) from None


class SmsGatewayBackend(_Repeatable):
    """SMS by HTTP: {"key", "to", "text"}, taken once per key. A 4xx is for good, anything else is tried again."""

    def __init__(self, base: str) -> None:
        """Keep the gateway's address."""
        self.base = base

    def deliver(self, *, key: str, address: str, subject: str, body: str) -> None:
        """Hand over."""
        import httpx  # 7 MB: only a process that calls out has it

        payload = {"key": key, "to": address, "text": body}
        with outside.call("sms", faults=httpx.HTTPError):
            answer = httpx.post(f"{self.base}/sms/", json=payload, timeout=10, trust_env=False, verify=trust())
            if answer.is_client_error and answer.status_code != TOO_MANY:
                raise Undeliverable(f"{REFUSED}: {answer.status_code}")
            answer.raise_for_status()


class NoBackend(_Repeatable):
    """No provider is set."""

    def deliver(self, *, key: str, address: str, subject: str, body: str) -> None:
        """Refuse for good."""
        raise Undeliverable(gettext_noop("no provider is configured for this channel"))


def backend_for(channel: str) -> Backend:
    """Return who carries messages of a channel here."""
    if channel == Channel.EMAIL and settings.EMAIL_URL:
        return SmtpBackend(settings.EMAIL_URL)
    if channel == Channel.SMS and settings.NUOXING_SMS == "aliyun":
        return aliyun.AliyunBackend(
            endpoint=settings.ALIYUN_SMS_ENDPOINT,
            key=settings.ALIYUN_ACCESS_KEY_ID,
            secret=settings.ALIYUN_ACCESS_KEY_SECRET,
            sign=settings.NUOXING_SMS_SIGN,
            templates=settings.NUOXING_SMS_TEMPLATES,
        )
    if channel == Channel.SMS and settings.NUOXING_FAKES_URL:
        return SmsGatewayBackend(settings.NUOXING_FAKES_URL)
    return OutboxPageBackend() if shows_messages() else NoBackend()


def shows_messages() -> bool:
    """Say whether the operator's outbox shows whole what is sent: in a demonstration, and while trying things out."""
    return bool(settings.NUOXING_DEMO or settings.NUOXING_SHOW_MESSAGES)


def perhaps_taken(fault: outside.Fault) -> bool:
    """Say whether a carrier that did not answer may have taken the message: it was reached."""
    import httpx  # 7 MB: only a process that calls out has it

    never_reached = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return isinstance(fault.__cause__, httpx.TransportError) and not isinstance(fault.__cause__, never_reached)
