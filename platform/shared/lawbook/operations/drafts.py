"""The policy desk: the next version of the law is drafted by officers of the province and approved by another one."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons
from kernel.access import Actor
from kernel.errors import Invalid, NotFound, Refusal
from shared.notices import operations as notices
from shared.policy.operations.packs import FileUnreadable, load_revision
from shared.policy.queries import packs as pack_queries
from shared.policy.values.problems import PackFileError

from .. import rules
from ..methods import labels
from ..methods.bodies import NotAPack, body_of
from ..models import PolicyDraft
from ..queries import drafts as lawbook_drafts
from ..states import AUTHORS, EDITABLE, OPEN_DRAFTS, POLICY_DRAFT, DraftState

MAX_CHARACTERS = 600_000


class NotEditable(Refusal):
    """What lies before the second officer, or is decided, does not change."""

    code = "draft-not-editable"
    message = _("This draft cannot be changed now: it is submitted or settled. Nothing was saved.")


class StaleEdition(Refusal):
    """Somebody else saved the draft after this officer had opened it."""

    code = "draft-stale-edition"
    message = _(
        "%(name)s has saved this draft since you opened it. Nothing of yours was saved; it still stands in the fields "
        "below. See what changed, and save again if yours is to stand."
    )


class DraftTooLong(Invalid):
    """A pack of this length is none."""

    code = "draft-too-long"
    message = _("This is longer than a pack can be. Nothing was saved.")


class AnotherProvince(Invalid):
    """A province drafts its own law only."""

    code = "draft-of-another-province"
    message = _("The file is not your province's: its jurisdiction is not %(code)s.")


class DraftIncomplete(Refusal):
    """A draft with faults is no version."""

    code = "draft-incomplete"
    message = _("%(n)s things are missing or cannot be right. They are listed on the draft's page.")


class NothingChanged(Refusal):
    """A version that says nothing new is none."""

    code = "draft-changes-nothing"
    message = _("The draft says nothing that the version before it does not say.")


class OwnDraft(Refusal):
    """Four eyes: who wrote in a draft does not decide on it."""

    code = "draft-own"
    status = 403
    message = _("You wrote in this draft. Another officer of the province looks at it and decides.")


class NotTheAuthor(Refusal):
    """Only who wrote in a draft withdraws it."""

    code = "draft-not-the-author"
    status = 403
    message = _("Only who wrote in a draft can withdraw it.")


def begin_draft(*, by: Actor, at: datetime) -> uuid.UUID:
    """Begin a draft from the version in force in the officer's province; return its key.

    Refuses who is no officer of the province (Denied) and a province without a version (NoPolicy).
    """
    place = _province_of(by)
    base = pack_queries.pack_at(at, place).version
    return _begin(place, base, dict(pack_queries.body(base)), verb="lawbook.draft", by=by, at=at)


def import_draft(*, text: str, by: Actor, at: datetime) -> uuid.UUID:
    """Begin a draft from a pack file; return its key. What the file lacks may be put right at the desk.

    Refuses a text that is no pack file at all (FileUnreadable: line and key), another province's, and one that is too
    long.
    """
    place = _province_of(by)
    body = _body(text, place)
    base = pack_queries.pack_at(at, place).version
    return _begin(place, base, body, verb="lawbook.draft_import", by=by, at=at)


def _province_of(by: Actor) -> str:
    access.demand(by, rules.drafts_packs)
    place = lawbook_drafts.home_province(by)
    access.demand(by, rules.drafts_packs, scope=place)
    return place


def _body(text: str, jurisdiction: str) -> dict[str, Any]:
    """Return what a file says, if it can be shown at the desk at all."""
    if len(text) > MAX_CHARACTERS:
        raise DraftTooLong(field="file")
    try:
        body = body_of(text)
    except PackFileError as fault:
        raise FileUnreadable(field="file", problems="\n".join(map(labels.problem_label, fault.problems))) from None
    except NotAPack as fault:
        raise FileUnreadable(field="file", problems=str(fault)) from None
    if body.get("jurisdiction") != jurisdiction:
        raise AnotherProvince(field="file", code=jurisdiction)
    return body


def _begin(place: str, base: str, body: dict[str, Any], *, verb: str, by: Actor, at: datetime) -> uuid.UUID:
    assert by.account_id is not None
    with transaction.atomic():
        row = PolicyDraft.objects.create(
            jurisdiction=place,
            base=base,
            body=body,
            authors=[by.account_id],
            last_author=by.name,
            begun_at=at,
            saved_at=at,
            state=DraftState.DRAFT,
            state_since=at,
        )
        after = audit.values(row, "jurisdiction", "base", "edition")
        audit.note(verb, row, by=by, at=at, after=after, policy=base, acting_as=by.acting_as(*AUTHORS))
    return row.pk


def save_section(
    *, draft_id: uuid.UUID, edition: int, section: str, node: Mapping[str, Any], by: Actor, at: datetime
) -> int:
    """Save a section of a draft as an officer who read `edition` wants it; return the edition that stands now.

    The section may be incomplete. Refuses who is no officer of the province (Denied), a draft that lies before the
    second officer or is settled (NotEditable), and one that somebody else saved meanwhile (StaleEdition).
    """
    spec = lawbook_drafts.section(section)
    with transaction.atomic():
        row = _editable(draft_id, edition, by)
        names = {field.name for field in spec.fields} if section == lawbook_drafts.HEADER else {section}
        rest = {name: below for name, below in row.body.items() if name not in names}
        return _save(row, {**rest, **node}, by=by, at=at)


def replace_draft(*, draft_id: uuid.UUID, edition: int, text: str, by: Actor, at: datetime) -> int:
    """Put the content of a pack file in the place of a draft's; return the edition that stands now.

    Refuses what `import_draft` and `save_section` refuse.
    """
    with transaction.atomic():
        row = _editable(draft_id, edition, by)
        return _save(row, _body(text, row.jurisdiction), by=by, at=at)


def _editable(draft_id: uuid.UUID, edition: int, by: Actor) -> PolicyDraft:
    row = _lock_draft(draft_id, by)
    if row.state not in EDITABLE:
        raise NotEditable
    if row.edition != edition:
        raise StaleEdition(name=row.last_author)
    return row


def _lock_draft(draft_id: uuid.UUID, by: Actor) -> PolicyDraft:
    place = _province_of(by)
    row = PolicyDraft.objects.select_for_update().filter(pk=draft_id, jurisdiction=place).first()
    if row is None:
        raise NotFound
    return row


def _save(row: PolicyDraft, body: dict[str, Any], *, by: Actor, at: datetime) -> int:
    names = [name for name in {**row.body, **body} if row.body.get(name) != body.get(name)]
    if not names:
        return row.edition
    if len(json.dumps(body, ensure_ascii=False)) > MAX_CHARACTERS:
        raise DraftTooLong
    assert by.account_id is not None
    was = {name: row.body[name] for name in names if name in row.body}
    row.body, row.edition, row.saved_at, row.last_author = body, row.edition + 1, at, by.name
    row.authors = [*row.authors, *([] if by.account_id in row.authors else [by.account_id])]
    row.submitted_by = row.decided_by = None
    row.save(update_fields=["body", "edition", "saved_at", "last_author", "authors", "submitted_by", "decided_by"])
    audit.note(
        "lawbook.draft_save",
        row,
        by=by,
        at=at,
        before={"sections": was},
        after={"edition": row.edition, "sections": {name: body.get(name) for name in names}},
        policy=row.base,
        acting_as=by.acting_as(*AUTHORS),
    )
    return row.edition


def submit_draft(*, draft_id: uuid.UUID, edition: int, by: Actor, at: datetime) -> None:
    """Lay a draft before the second officer; the other officers of the province are notified.

    Refuses a draft with faults (DraftIncomplete) or without a change (NothingChanged), an edition that is not the last
    (StaleEdition), a draft that is no draft any more (WrongState), and who is no officer of the province (Denied).
    """
    with transaction.atomic():
        row = _lock_draft(draft_id, by)
        if row.state in EDITABLE and row.edition != edition:
            raise StaleEdition(name=row.last_author)
        if row.state in EDITABLE:
            _refuse_unready(row, at)
        POLICY_DRAFT.move(row, "submit", by=by, at=at, policy=row.base, submitted_by=by.account_id, decided_by=None)
        _notify(row, "submitted", by, at=at, to=[])


def _refuse_unready(row: PolicyDraft, at: datetime) -> None:
    if problems := lawbook_drafts.draft_problems(row, at):
        raise DraftIncomplete(n=len(problems))
    base = lawbook_drafts.base_of(row, at)
    if all(change.path == "effective_from" for change in lawbook_drafts.changes(pack_queries.body(base), row.body)):
        raise NothingChanged


def approve_draft(*, draft_id: uuid.UUID, edition: int, by: Actor, at: datetime) -> str:
    """Make a submitted draft the next version of the law, which takes effect by itself on its day; return its name.

    Refuses who wrote in it (OwnDraft), a draft whose day has come meanwhile or that another version overtook
    (DraftIncomplete), one that is not submitted (WrongState), and who is no officer of the province (Denied).
    """
    with transaction.atomic():
        _serialize_approvals(_province_of(by))
        row = _second_officer_draft(draft_id, edition, by)
        _refuse_unready(row, at)
        day = lawbook_drafts.begins(row.body)
        assert day is not None
        pack = load_revision(body=row.body, effective_from=day, by=by, at=at)
        pack_id = pack_queries.pack_id(pack.version)
        POLICY_DRAFT.move(row, "approve", by=by, at=at, policy=pack.version, decided_by=by.account_id, pack_id=pack_id)
        _notify(row, "approved", by, at=at, to=row.authors)
    return pack.version


def _serialize_approvals(jurisdiction: str) -> None:
    """Let the approvals of a province pass one after the other: each must see the versions made before it."""
    rows = PolicyDraft.objects.select_for_update().filter(jurisdiction=jurisdiction, state__in=OPEN_DRAFTS)
    list(rows.order_by("pk").values_list("pk", flat=True))


def return_draft(*, draft_id: uuid.UUID, edition: int, why: str, by: Actor, at: datetime) -> None:
    """Give a submitted draft back to its authors with a reason.

    Refuses an empty reason (ReasonRequired) and what `approve_draft` refuses of persons and states.
    """
    reason = reasons.require(why)
    with transaction.atomic():
        row = _second_officer_draft(draft_id, edition, by)
        POLICY_DRAFT.move(row, "return", by=by, at=at, why=reason, policy=row.base, decided_by=by.account_id)
        _notify(row, "returned", by, at=at, to=row.authors, reason=reason)


def _second_officer_draft(draft_id: uuid.UUID, edition: int, by: Actor) -> PolicyDraft:
    row = _lock_draft(draft_id, by)
    if row.state == DraftState.SUBMITTED:
        if not rules.may_decide(by, row.jurisdiction, row.authors):
            raise OwnDraft
        if row.edition != edition:
            raise StaleEdition(name=row.last_author)
    return row


def withdraw_draft(*, draft_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Withdraw a draft that is open; it is kept.

    Refuses who wrote nothing in it (NotTheAuthor), a settled draft (WrongState), and who is no officer of the province.
    """
    with transaction.atomic():
        row = _lock_draft(draft_id, by)
        if not rules.is_author(by, row.authors):
            raise NotTheAuthor
        POLICY_DRAFT.move(row, "withdraw", by=by, at=at, why=why.strip(), policy=row.base)


def _notify(row: PolicyDraft, what: str, by: Actor, *, at: datetime, to: list[uuid.UUID], reason: str = "") -> None:
    """Tell the given accounts, or without any all other officers of the province, what became of a draft."""
    assert by.account_id is not None  # no draft is written, decided or returned by the platform itself
    notices.send_officers(
        role=AUTHORS[0],
        scope=row.jurisdiction,
        accounts=to,
        exclude=by.account_id,
        template=f"lawbook.draft_{what}",
        context={
            "name": by.name,
            "reason": reason,
            "day": str(lawbook_drafts.begins(row.body) or ""),
            "url": f"/authority/policy/drafts/{row.pk}/",
        },
        key=f"policy_draft:{row.pk}:{row.edition}:{what}:{row.state_since.isoformat()}",
        at=at,
    )
