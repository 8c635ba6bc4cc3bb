"""The end of an account (PIPL 47; 条例 24): all schemas are asked, the law's exceptions told, then it is for good."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, tenancy
from kernel.access import SECOND_FACTOR, SYSTEM, Actor
from kernel.errors import NotFound, Refusal
from kernel.later import for_each_institution, later
from shared.identity import operations as people
from shared.identity import queries as identity
from shared.notices import operations as notices

from .. import methods, queries
from ..models import Closing, ClosingAnswer, Copy, CopyPart, Deletion
from ..states import CLOSING, Cause, ClosingState, CopyState
from .copies import NotShownAgain


class StillOpen(Refusal):
    """Something opened since everybody was asked."""

    code = "still-open"
    words = _("Something is open again since the institutions were asked: %(what)s")


def ask_closing(*, by: Actor, at: datetime) -> None:
    """Ask every schema what is open for the actor and what the law keeps; asked again, the answers are new.

    Refuses (RolesHeld) an account with a role.
    """
    account_id = identity.own_id(by)
    if by.grants:
        raise people.RolesHeld
    with transaction.atomic():
        row = Closing.objects.select_for_update().filter(account_id=account_id).exclude(state=ClosingState.TAKEN_BACK)
        found = row.first()
        expected = 1 + len(tenancy.schemas())
        if found is None:
            found = Closing.objects.create(
                account_id=account_id,
                person_id=by.person_id,
                asked_at=at,
                expected=expected,
                state=CLOSING.initial,
                state_since=at,
            )
            audit.note("account-closing.ask", found, by=by, at=at)
        else:
            CLOSING.move(found, "ask_again", by=by, at=at, round=found.round + 1, expected=expected)
        asked: dict[str, Any] = {
            "closing_id": str(found.pk),
            "turn": found.round,
            "account_id": str(account_id),
            "person_id": str(by.person_id or ""),
        }
        later("privacy.answer_closing", **asked)
        for_each_institution("privacy.answer_closing", **asked)


def answer_closing(
    *, closing_id: uuid.UUID, turn: int, account_id: uuid.UUID, person_id: uuid.UUID | None, at: datetime
) -> None:
    """Write down, once a turn, what is open in the open schema and what the law keeps there."""
    answer = ClosingAnswer(
        closing_id=closing_id,
        round=turn,
        institution_id=tenancy.current_institution_id(),
        open=queries.open_now(account_id, person_id, at),
        keeps=queries.kept_now(account_id, person_id, at),
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
        said = list(ClosingAnswer.objects.filter(closing=row, round=row.round))
        if row.state != ClosingState.ASKING or len(said) < row.expected:
            return 0
        keeps = [entry for answer in said for entry in answer.keeps]
        move = "block" if any(answer.open for answer in said) else "clear"
        CLOSING.move(row, move, by=SYSTEM, at=at, kept=bool(keeps), keep_until=_last_day(keeps))
        template = "privacy.closing_blocked" if move == "block" else "privacy.closing_ready"
        context = {"url": "/account/privacy/closing/"}
        key = f"closing:{row.pk}:{row.round}"
        notices.send(to=identity.account(row.account_id), template=template, context=context, at=at, key=key)
    return 1


def _last_day(keeps: list[dict[str, Any]]) -> date | None:
    """Return the last day on which something is kept; None where one of them has no end that is known."""
    days = [entry["until"] for entry in keeps]
    return max(map(date.fromisoformat, days)) if days and all(days) else None


def take_back_closing(*, by: Actor, at: datetime) -> None:
    """Keep one's account after all; refuses (NotFound) where nothing is under way."""
    with transaction.atomic():
        row = _own(by)
        CLOSING.move(row, "take_back", by=by, at=at)


def close(*, password: str, by: Actor, at: datetime) -> None:
    """Close one's own account for good, after all schemas have said that nothing is open.

    Credentials, sessions, tokens, addresses and messages are gone at once; a person whom no law keeps is overwritten
    too. Refuses (NotShownAgain), (NotNow) before all have answered, (StillOpen) what opened since, (RolesHeld).
    """
    account_id = identity.own_id(by)
    if by.level < SECOND_FACTOR and not identity.knows_password(account_id, password):
        raise NotShownAgain(field="password")
    with transaction.atomic():
        row = _own(by)
        CLOSING.move(row, "close", by=by, at=at)
        since = queries.open_now(account_id, by.person_id, at)
        if since:
            raise StillOpen(what="; ".join(methods.told(e["zh-hans"], e["en"]) for e in since))
        notices.send(to=identity.account(account_id), template="privacy.closed", context={}, at=at, channels=("sms",))
        people.close_account(account_id=account_id, by=by, at=at)
        told = notices.erase_notices(account_id=account_id)
        CopyPart.objects.filter(copy__account_id=account_id).delete()
        Copy.objects.filter(account_id=account_id).update(content=None, state=CopyState.EXPIRED, state_since=at)
        erased = False
        if by.person_id is not None and not row.kept:
            erased = people.erase_person(person_id=by.person_id, by=SYSTEM, at=at, why="account closed, nothing kept")
        Deletion.objects.create(
            kind="account",
            cause=Cause.CLOSING,
            before=at,
            first_at=row.asked_at,
            last_at=at,
            count=1 + told + erased,
            digest=methods.digest_of([account_id]),
            policy=queries.limit("account", at).source,
            ran_at=at,
            ran_by=None,
        )


def _own(by: Actor) -> Closing:
    row = Closing.objects.select_for_update().filter(account_id=identity.own_id(by))
    found = row.exclude(state__in=[ClosingState.TAKEN_BACK, ClosingState.CLOSED]).first()
    if found is None:
        raise NotFound
    return found
