"""Writes of notices: notify people, deliver messages."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from kernel import audit, crypto, outside, tries
from kernel.access import SYSTEM, Actor
from kernel.later import Priority, later
from shared.identity.queries import accounts as account_queries

from . import adapters, methods, queries
from .models import Message, Notice
from .states import ASKED_FOR_AGAIN, MESSAGE, Channel, MessageState

IN_APP = "in_app"
PERHAPS_SENT = gettext_noop("no answer came, it may have been sent; a code is not sent again by itself")


def send(
    *,
    to: account_queries.AccountValue | str,
    template: str,
    context: Mapping[str, Any],
    at: datetime,
    channels: Sequence[str] = (IN_APP, Channel.SMS),
    key: str = "",
    language: str = "",
    priority: int = Priority.NORMAL,
) -> uuid.UUID | None:
    """Tell somebody something: a notice in the application, and an SMS or e-mail after commit.

    `to` is an account, or a mobile number or e-mail address (which need not belong to an account). `template` is
    "app.name", whose words stand in frontend/templates/<app>/notices/<name>.txt. `context` holds plain values; its
    "url" is where the notice leads. "sms" and "email" each fall back on the other where the account has only that.
    Under one `key` an account is notified once. A message goes out in the turn of its `priority`. Returns the notice's
    key, or None where there is none.
    """
    plain = audit.to_json(dict(context))
    contact = account_queries.contact_of(to)
    chosen_language = language or contact.language
    words = methods.words(template, plain, chosen_language)
    with transaction.atomic():
        notice: uuid.UUID | None = None
        if IN_APP in channels and contact.account_id is not None:
            notice = _notice(contact.account_id, template, plain, key, at).pk
        for channel in dict.fromkeys(contact.channel(c) for c in channels if c != IN_APP):
            if channel:
                _message(channel, contact, template, words, key, at, Priority(priority))
    return notice


def _notice(account_id: uuid.UUID, template: str, context: dict[str, Any], key: str, at: datetime) -> Notice:
    fields = {"template": template, "context": context, "path": str(context.get("url", ""))[:300], "made_at": at}
    if not key:
        return Notice.objects.create(account_id=account_id, **fields)
    return Notice.objects.get_or_create(account_id=account_id, key=key, defaults=fields)[0]


def _message(
    channel: str,
    contact: account_queries.Contact,
    template: str,
    words: methods.Words,
    key: str,
    at: datetime,
    priority: Priority,
) -> None:
    address = contact.address(channel)
    fields = {
        "channel": channel,
        "address": address,
        "account_id": contact.account_id,
        "template": template,
        "subject": words.title[:200],
        "body": words.text or words.title,
        "made_at": at,
        "state": MessageState.QUEUED,
        "state_since": at,
    }
    if not key:
        row, created = Message.objects.create(**fields), True
    else:
        address_digest = crypto.blind(address).hex()[:24]
        row, created = Message.objects.get_or_create(key=f"{key}:{channel}:{address_digest}"[-200:], defaults=fields)
    if created:
        later("notices.deliver", priority=priority, message_id=str(row.pk))


def send_sealed(*, sealed: str, at: datetime) -> None:
    """Send what a lower app asked for: the arguments of `send` as JSON, encrypted for their way through the outbox."""
    arguments = json.loads(crypto.decrypt(bytes.fromhex(sealed)))
    send(at=at, **arguments)


def send_officers(
    *,
    role: str,
    scope: str,
    accounts: Sequence[uuid.UUID],
    exclude: uuid.UUID,
    template: str,
    context: Mapping[str, Any],
    key: str,
    at: datetime,
) -> None:
    """Tell those who hold a role in a scope something, in the application: the `accounts` named, or without any all of
    them; never `exclude`, whose act it was.
    """
    for account in account_queries.holders(role, scope, at=at):
        if account.id != exclude and (not accounts or account.id in accounts):
            send(to=account, template=template, context=context, at=at, channels=(IN_APP,), key=key)


def send_person(
    *,
    person_id: uuid.UUID,
    by: Actor,
    template: str,
    context: Mapping[str, Any],
    at: datetime,
    key: str,
    channels: Sequence[str] = (IN_APP, Channel.SMS),
) -> None:
    """Tell a person something that somebody else did; nobody where there is no account or it was their own act."""
    account = account_queries.account_of(person_id)
    if account is None or account.id == by.account_id:
        return
    send(to=account, template=template, context=context, at=at, channels=channels, key=key, priority=Priority.BULK)


def deliver(*, message_id: uuid.UUID, at: datetime) -> None:
    """Hand one queued message to its carrier; a message that was sent is not sent again.

    Killed between the carrier's yes and our commit, it is handed over again under the same key. A carrier that knows no
    keys is asked first whether it has the message; a code that it may have is not handed over again by itself: its list
    may lag, two codes confuse whoever waits, and whoever waits asks for another by a button.
    """
    with transaction.atomic():
        row = Message.objects.select_for_update().get(pk=message_id)
        if row.state != MessageState.QUEUED:
            return
        try:
            _hand_over(row, adapters.backend_for(row.channel))
        except adapters.Undeliverable as fault:
            MESSAGE.move(row, "fail", by=SYSTEM, at=at, locked=True, error=str(fault)[:300])
        else:
            MESSAGE.move(row, "send", by=SYSTEM, at=at, locked=True)


def _hand_over(row: Message, backend: adapters.Backend) -> None:
    """Hand a message over unless the carrier has it; raises Undeliverable for a code that it may have."""
    key, address = str(row.pk), row.address.reveal()
    by_button = row.template in ASKED_FOR_AGAIN and not backend.repeatable
    if not backend.repeatable and (tries.earlier().lost or tries.earlier().failed):
        if backend.has(key=key, address=address, since=row.made_at):
            return
        if by_button and tries.earlier().lost:
            raise adapters.Undeliverable(PERHAPS_SENT)
    try:
        backend.deliver(key=key, address=address, subject=row.subject, body=row.body.reveal())
    except outside.Fault as fault:
        if by_button and adapters.perhaps_taken(fault):
            raise adapters.Undeliverable(PERHAPS_SENT) from fault
        raise


def mark_read(*, notice_id: uuid.UUID, by: Actor, at: datetime) -> Notice:
    """Mark one of the actor's own notices as read; refuses (NotFound) anybody else's."""
    with transaction.atomic():
        row = queries.notice(notice_id, by)
        Notice.objects.filter(pk=row.pk, read_at=None).update(read_at=at)
    return row


def mark_all_read(*, by: Actor, at: datetime) -> int:
    """Mark all of the actor's notices as read; return how many were unread."""
    with transaction.atomic():
        return queries.inbox(by).filter(read_at=None).update(read_at=at)


def erase_messages(*, ids: Collection[uuid.UUID]) -> int:
    """Overwrite address and words of messages that were sent or given up; return how many."""
    rows = Message.objects.filter(pk__in=ids).exclude(state=MessageState.QUEUED).exclude(subject=queries.ERASED_TEXT)
    return rows.update(address=queries.ERASED_TEXT, subject=queries.ERASED_TEXT, body=queries.ERASED_TEXT)


def erase_notices(*, account_id: uuid.UUID) -> int:
    """Overwrite an account's notices in the application, when it is closed; return how many."""
    return Notice.objects.filter(account_id=account_id).exclude(context={}).update(context={}, path="")
