"""Reads: an account's inbox, and the outbox of messages."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet, UUIDField
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.access import Actor, SignInNeeded
from kernel.db.statements import Bind, Statement
from kernel.errors import NotFound
from kernel.todos import Todo, only_if

from . import methods
from .models import Message, Notice
from .states import MessageState


@dataclass(frozen=True, slots=True)
class NoticeValue:
    """A notice in the reader's words."""

    id: uuid.UUID
    title: str
    text: str
    path: str
    made_at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class MessageValue:
    """A message as the outbox page shows it."""

    id: uuid.UUID
    channel: str
    address: str
    subject: str
    body: str
    made_at: datetime
    state: str
    label: str
    error: str


def inbox(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's own notices, newest first; refuses (SignInNeeded) nobody."""
    if actor.account_id is None:
        raise SignInNeeded
    return Notice.objects.filter(account_id=actor.account_id).order_by("-id")


def notice(notice_id: uuid.UUID, actor: Actor) -> Notice:
    """Return one of the actor's own notices; refuses (NotFound) anybody else's."""
    row = inbox(actor).filter(pk=notice_id).first()
    if row is None:
        raise NotFound
    return row


def unread(actor: Actor) -> int:
    """Return how many notices the actor has not read."""
    return inbox(actor).filter(read_at=None).count()


def notice_values(rows: Iterable[Notice], language: str | None = None) -> list[NoticeValue]:
    """Return notices in words of a language, by default the active one."""
    chosen_language = language or translation.get_language() or "zh-hans"
    return [_notice_value(row, chosen_language) for row in rows]


def _notice_value(row: Notice, language: str) -> NoticeValue:
    words = methods.words(row.template, row.context, language)
    return NoticeValue(row.pk, words.title, words.text, row.path, row.made_at, row.read_at is not None)


_UNREAD = Statement(lambda: Notice.objects.filter(account_id=Bind("account", UUIDField()), read_at=None))


@only_if(lambda actor, at: [_UNREAD.exists(account=actor.account_id)] if actor.is_authenticated else [])
def todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return the one thing that unread notices ask for on the landing page."""
    waiting = unread(actor) if actor.is_authenticated else 0
    if not waiting:
        return []
    words = ngettext("%(n)d unread notice", "%(n)d unread notices", waiting) % {"n": waiting}
    return [Todo(words, reverse("notices:inbox", settings.PUBLIC_SCHEMA_URLCONF), _("Read them"), icon="bell")]


def outbox(search: str = "") -> QuerySet[Message]:
    """Return the messages that were or should be sent, newest first; `search` narrows by template."""
    rows = Message.objects.order_by("-id")
    return rows.filter(Q(template__icontains=search)) if search else rows


def messages(rows: Iterable[Message], *, whole: bool) -> list[MessageValue]:
    """Return messages to be shown; addresses and texts whole only where `whole` (nothing is really sent)."""
    return [
        MessageValue(
            id=row.pk,
            channel=row.get_channel_display(),
            address=row.address.reveal() if whole else str(row.address),
            subject=row.subject,
            body=row.body.reveal() if whole else "",
            made_at=row.made_at,
            state=row.state,
            label=str(row.get_state_display()),
            error=_fault(row.error),
        )
        for row in rows
    ]


def _fault(error: str) -> str:
    """Return why a message was not delivered in the reader's words; what a service said itself stays as it was."""
    words, colon, detail = error.partition(": ")
    return f"{translation.gettext(words)}{colon}{detail}" if words else ""


ERASED_TEXT = "—"
"""What stands where a message's words were."""


def sent_messages(*, before: datetime, limit: int) -> list[tuple[uuid.UUID, datetime]]:
    """Return messages that were done with before a moment and still hold their words: keys and moments, oldest first.

    For the deleting job of shared.privacy.
    """
    rows = (
        Message.objects.filter(state_since__lt=before).exclude(state=MessageState.QUEUED).exclude(subject=ERASED_TEXT)
    )
    return list(rows.order_by("state_since").values_list("pk", "state_since")[:limit])
