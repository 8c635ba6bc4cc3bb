"""Verification on site: findings line by line, and one signed opinion (policy part 2.1)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts, reasons
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.conflicts import Stamps
from kernel.errors import Invalid, NotFound, Refusal
from kernel.languages import enumeration
from kernel.roles import Role
from kernel.states import WrongState
from shared.identity.queries import accounts as account_queries
from shared.notices import operations as notices
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Pack
from shared.records import operations as records

from .. import rules
from ..models.commitments import Commitment, applicant_columns
from ..models.publicity import PublicNotice
from ..models.verifications import Check, Verification
from ..queries import sheets
from ..states import COMMITMENT, Opinion, State


class VersionChanged(Refusal):
    """What is signed is not what was looked at."""

    code = "version-changed"
    message = _("The institution has submitted another version since. Reload the page and look at what changed.")


class LinesUnchecked(Invalid):
    """Lines have not been looked at."""

    code = "lines-unchecked"
    message = _("Not looked at yet: %(what)s.")


class OpinionContradictsFindings(Invalid):
    """The opinion and the lines do not agree."""

    code = "opinion-contradicts-findings"
    message = _("“True on site” cannot be signed while these are found not as declared: %(what)s.")


class InvalidVisitDate(Invalid):
    """The visit lies before the submission or in the future."""

    code = "invalid-visit-date"
    message = _("The visit must lie between the submission and today.")


@dataclass(frozen=True, slots=True)
class LineFinding:
    """What was found for one line: true, false or nothing yet; a remark, and a picture if one was taken."""

    finding: str = ""
    remark: str = ""
    picture: "UploadedFile[bytes] | None" = None


def _under_verification(commitment_id: uuid.UUID, version: int) -> Commitment:
    """Return the locked row of a commitment that waits for its verification in this version."""
    row = Commitment.objects.select_for_update(of=("self",)).annotate(**applicant_columns()).filter(pk=commitment_id)
    commitment = row.first()
    if commitment is None or commitment.version == 0:
        raise NotFound
    if commitment.state != State.SUBMITTED:
        label = COMMITMENT.by_name["find_true"].label
        raise WrongState(move=label, state=State(commitment.state).label)
    if commitment.version != version:
        raise VersionChanged
    return commitment


def save_checks(
    *,
    commitment_id: uuid.UUID,
    version: int,
    findings: Mapping[str, LineFinding],
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was found on site, line by line; may be done in several goes and by several people until it is signed.

    `made_from` are the stamps of what the page showed: a line left as it was is nobody's change. Refuses anybody but
    this authority's officers and inspectors (Denied), another version (VersionChanged), unknown lines, a commitment
    that does not wait for verification (WrongState), and a line that somebody else changed too (ChangedMeanwhile).
    """
    with transaction.atomic():
        row = _under_verification(commitment_id, version)
        access.demand(by, rules.visits, scope=row.authority_code)
        access.account_of(by)
        form_lines = {line.key for line in pack_queries.pack(row.policy).commitment.lines}
        if set(findings) - form_lines or {f.finding for f in findings.values()} - {"", *Opinion.values}:
            raise Invalid
        stored = sheets.checks_of(row, version)
        entered: dict[str, Any] = {key: [one.finding, one.remark.strip()[:500]] for key, one in findings.items()}
        entered |= {f"{key}.photo": _NEW for key, one in findings.items() if one.picture is not None}
        changed = conflicts.changes(seen=made_from, stored=stored, entered=entered)
        for key in dict.fromkeys(name.removesuffix(".photo") for name in changed):
            _write_check(row, key, findings[key], changed, by=by, at=at)
        if changed:
            before = {name: stored[name] for name in changed}
            audit.note("commitment.checked", row, by=by, at=at, before=before, after=changed, policy=row.policy)


_NEW = "new"
"""Stands for a photo that was not stored yet."""


def _write_check(
    row: Commitment, key: str, line: LineFinding, changed: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    """Write what somebody changed of a line, and leave the rest of it as it is."""
    known = Check.objects.filter(commitment=row, version=row.version, key=key).first()
    check = known or Check(commitment=row, version=row.version, key=key)
    if key in changed:
        check.finding, check.remark = changed[key]
    if line.picture is not None:
        file = records.store_file(content=line.picture, name=line.picture.name or "", by=by, at=at, kinds=("image",))
        check.picture_id = file.id
    check.checked_by, check.checked_at = access.account_of(by), at
    if known is None:
        check.save(force_insert=True)
    else:
        check.save(update_fields=["finding", "remark", "picture", "checked_by", "checked_at"])


def sign_verification(
    *,
    commitment_id: uuid.UUID,
    version: int,
    opinion: str,
    remark: str,
    visited_on: date,
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> Verification:
    """Sign the opinion on a version: 属实 starts 5 working days of public notice, 不符 returns it with its reasons.

    Refuses anybody but an officer of this very authority with a second factor; 属实 with lines open or found false;
    不符 without a reason; a version other than the one looked at, or findings other than those that the page showed
    (ChangedMeanwhile); and a second signature (WrongState): of two officers at the same time exactly one signs.
    """
    if opinion not in Opinion.values:
        raise Invalid
    with transaction.atomic():
        row = _under_verification(commitment_id, version)
        access.demand(by, rules.signs, scope=row.authority_code)
        due_on = row.due_on
        if row.submitted_at is None or due_on is None or not legal_day(row.submitted_at) <= visited_on <= legal_day(at):
            raise InvalidVisitDate(field="visited_on")
        conflicts.require_unchanged(seen=made_from, stored=sheets.checks_of(row, version))
        _check_opinion(row, opinion, remark)
        pack = pack_queries.pack_at(at)
        signed = Verification.objects.create(
            commitment=row,
            version=version,
            opinion=opinion,
            remark=remark.strip(),
            visited_on=visited_on,
            authority_code=row.authority_code,
            signed_by=access.account_of(by),
            signed_name=by.name,
            signed_at=at,
            due_on=due_on,
            policy=pack.version,
        )
        move = "find_true" if opinion == Opinion.TRUE else "find_false"
        COMMITMENT.move(row, move, by=by, at=at, why=signed.remark, policy=pack.version)
        if opinion == Opinion.TRUE:
            post_notice(row, pack, at=at)
        notify_principals(row, f"registry.{move}", at=at, reason=signed.remark)
    return signed


def _check_opinion(row: Commitment, opinion: str, remark: str) -> None:
    """Refuse an opinion that the lines do not bear out."""
    findings = sheets.findings_of(row, row.version)
    lines = pack_queries.pack(row.policy).commitment.lines
    if opinion == Opinion.FALSE:
        message = _("Say what was not as declared, so that the institution can correct it.")
        reasons.require(remark, field="remark", message=message)
        return
    unseen = [line.label for line in lines if line.key not in findings or not findings[line.key].finding]
    if unseen:
        raise LinesUnchecked(what=enumeration(unseen))
    false = [line.label for line in lines if findings[line.key].finding == Opinion.FALSE]
    if false:
        raise OpinionContradictsFindings(what=enumeration(false))


def post_notice(row: Commitment, pack: Pack, *, at: datetime) -> PublicNotice:
    """Post the public notice of a version that was found true; its clock begins on the next working day."""
    due = calendar_queries.due_after(legal_day(at), pack.clocks.notice_days)
    return PublicNotice.objects.create(
        commitment=row,
        version=row.version,
        posted_at=at,
        due_on=due.date,
        provisional=due.provisional,
        policy=pack.version,
    )


def notify_principals(row: Commitment, template: str, *, at: datetime, reason: str = "") -> None:
    """Notify everybody who speaks for the organisation; under one key, so that nobody is notified twice."""
    for principal in account_queries.holders(Role.PRINCIPAL, str(row.organisation_id)):
        notices.send(
            to=principal,
            template=template,
            context={"name": row.applicant_name, "reason": reason, "url": f"/commitment/{row.pk}/"},
            at=at,
            key=f"{template}:{row.pk}:{row.version}",
        )
