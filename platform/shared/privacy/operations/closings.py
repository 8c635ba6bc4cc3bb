"""Closing of an account (PIPL 47; 条例 24): all schemas are asked, what the law keeps is named, then it is for good."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, tenancy
from kernel.access import SYSTEM, Actor
from kernel.errors import NotFound, Refusal
from kernel.languages import localized
from kernel.later import for_each_institution, later
from shared.identity.operations import closing as identity_closing
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import erasable
from shared.notices import operations as notices

from .. import methods
from ..models.deletions import Deletion
from ..models.rights import Closing, ClosingAnswer, Copy, CopyPart
from ..queries import register as privacy_register
from ..queries import rights
from ..states import CLOSING, Cause, ClosingState, CopyState
from .copies import ReauthenticationRequired


class StillOpen(Refusal):
    """Something opened since everybody was asked."""

    code = "still-open"
    message = _("Something is open again since the institutions were asked: %(what)s")


def ask_closing(*, by: Actor, at: datetime) -> None:
    """Ask every schema what is open for the actor and what the law keeps; asked again, the answers are new.

    Refuses (RolesHeld) an account with a role.
    """
    account_id = account_queries.own_id(by)
    if by.grants:
        raise identity_closing.RolesHeld
    with transaction.atomic():
        row = Closing.objects.select_for_update().filter(account_id=account_id).exclude(state=ClosingState.TAKEN_BACK)
        closing = row.first()
        expected = 1 + len(tenancy.schemas())
        if closing is None:
            closing = Closing.objects.create(
                account_id=account_id,
                person_id=by.person_id,
                asked_at=at,
                expected=expected,
                state=CLOSING.initial,
                state_since=at,
            )
            audit.note("account-closing.ask", closing, by=by, at=at)
        else:
            CLOSING.move(closing, "ask_again", by=by, at=at, round=closing.round + 1, expected=expected)
        arguments: dict[str, Any] = {
            "closing_id": str(closing.pk),
            "round_number": closing.round,
            "account_id": str(account_id),
            "person_id": str(by.person_id or ""),
        }
        later("privacy.answer_closing", **arguments)
        for_each_institution("privacy.answer_closing", **arguments)


def answer_closing(
    *, closing_id: uuid.UUID, round_number: int, account_id: uuid.UUID, person_id: uuid.UUID | None, at: datetime
) -> None:
    """Write down, once a turn, what is open in the open schema and what the law keeps there."""
    answer = ClosingAnswer(
        closing_id=closing_id,
        round=round_number,
        institution_id=tenancy.current_institution_id(),
        open=rights.open_items(account_id, person_id, at),
        retained=rights.retained_items(account_id, person_id, at),
        answered_at=at,
    )
    with transaction.atomic():
        ClosingAnswer.objects.bulk_create([answer], ignore_conflicts=True)


def settle_closings(*, at: datetime) -> int:
    """Move every closing to which all have answered; return how many."""
    asking = Closing.objects.filter(state=ClosingState.ASKING).order_by("pk").values_list("pk", flat=True)
    return sum(_settle(pk, at) for pk in list(asking))


def _settle(closing_id: uuid.UUID, at: datetime) -> int:
    with transaction.atomic():
        row = Closing.objects.select_for_update().get(pk=closing_id)
        answers = list(ClosingAnswer.objects.filter(closing=row, round=row.round))
        if row.state != ClosingState.ASKING or len(answers) < row.expected:
            return 0
        retained = [entry for answer in answers for entry in answer.retained]
        move = "block" if any(answer.open for answer in answers) else "clear"
        CLOSING.move(row, move, by=SYSTEM, at=at, retention_applies=bool(retained), keep_until=_last_day(retained))
        template = "privacy.closing_blocked" if move == "block" else "privacy.closing_ready"
        context = {"url": "/account/privacy/closing/"}
        key = f"closing:{row.pk}:{row.round}"
        notices.send(to=account_queries.account(row.account_id), template=template, context=context, at=at, key=key)
    return 1


def _last_day(retained: list[dict[str, Any]]) -> date | None:
    """Return the last day on which something is kept; None where one of them has no end that is known."""
    days = [entry["until"] for entry in retained]
    return max(map(date.fromisoformat, days)) if days and all(days) else None


def take_back_closing(*, by: Actor, at: datetime) -> None:
    """Keep one's account after all; refuses (NotFound) where nothing is under way."""
    with transaction.atomic():
        row = _own(by)
        CLOSING.move(row, "take_back", by=by, at=at)


def close(*, password: str, by: Actor, at: datetime) -> None:
    """Close one's own account for good, after all schemas have said that nothing is open.

    Credentials, sessions, tokens, addresses and messages are gone at once; a person whom no law keeps is overwritten
    too. Refuses (ReauthenticationRequired), (WrongState) before all have answered, (StillOpen) what opened since, and
    (RolesHeld).
    """
    account_id = account_queries.own_id(by)
    if not by.is_strong and not erasable.knows_password(account_id, password):
        raise ReauthenticationRequired(field="password")
    with transaction.atomic():
        row = _own(by)
        CLOSING.move(row, "close", by=by, at=at)
        since = rights.open_items(account_id, by.person_id, at)
        if since:
            raise StillOpen(what="; ".join(localized(e["zh-hans"], e["en"]) for e in since))
        notices.send(
            to=account_queries.account(account_id), template="privacy.closed", context={}, at=at, channels=("sms",)
        )
        identity_closing.close_account(account_id=account_id, by=by, at=at)
        notice_count = notices.erase_notices(account_id=account_id)
        CopyPart.objects.filter(copy__account_id=account_id).delete()
        Copy.objects.filter(account_id=account_id).update(content=None, state=CopyState.EXPIRED, state_since=at)
        person_erased = False
        if by.person_id is not None and not row.retention_applies:
            person_erased = identity_closing.erase_person(
                person_id=by.person_id, by=SYSTEM, at=at, why="account closed, nothing kept"
            )
        Deletion.objects.create(
            kind="account",
            cause=Cause.CLOSING,
            before=at,
            first_at=row.asked_at,
            last_at=at,
            count=1 + notice_count + person_erased,
            digest=methods.digest_of([account_id]),
            policy=privacy_register.limit("account", at).source,
            ran_at=at,
            ran_by=None,
        )


def _own(by: Actor) -> Closing:
    row = Closing.objects.select_for_update().filter(account_id=account_queries.own_id(by))
    closing = row.exclude(state__in=[ClosingState.TAKEN_BACK, ClosingState.CLOSED]).first()
    if closing is None:
        raise NotFound
    return closing
