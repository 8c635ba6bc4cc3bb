"""Consents: asked for with words of a version, given, taken back; nothing of it is ever deleted."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, tenancy
from kernel.access import Actor, Denied
from kernel.errors import Invalid, NotFound, Refusal

from .. import rules
from ..models.accounts import Account
from ..models.consents import Consent, ConsentText
from ..queries import accounts as account_queries
from ..queries import consents as identity_consent_queries
from ..states import SEPARATE_CONSENTS, ConsentChannel, ConsentKind
from . import additions
from .people import demand_reveal

TEXT_FIELDS = ("title", "title_en", "body", "body_en", "instead", "instead_en", "changes", "changes_en")


class TextFixed(Refusal):
    """A version of a text is there already, and says something else or begins at the same moment."""

    code = "text-fixed"
    message = _("This version, or one that begins at the same moment, is published already. Give a new version.")


class ConsentMissing(Refusal):
    """What this needs was not agreed to; there is another way."""

    code = "consent-missing"
    status = 422
    message = _("This needs a separate consent, which was not given. There is another way: %(instead)s")


def digest_of(words: Mapping[str, str]) -> str:
    """Return the SHA-256 of a text's words."""
    text = json.dumps([words.get(name, "") for name in TEXT_FIELDS], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def publish_text(
    *, kind: str, version: str, in_force_from: datetime, words: Mapping[str, str], by: Actor, at: datetime
) -> None:
    """Publish a version of the privacy notice or of a consent's words, in force from a moment that is not past.

    `words` holds WORDS. Refuses (Denied) all but the operator and the provincial authority, (TextFixed) a version that
    is there, (Invalid) a text without words in both languages, without its changes, or without the way that does
    without, and one that would begin in the past.
    """
    access.demand(by, rules.publishes_texts)
    cleaned = {name: words.get(name, "").replace("\r\n", "\n").strip() for name in TEXT_FIELDS}
    required = [n for n in TEXT_FIELDS if not n.startswith("instead") or kind in SEPARATE_CONSENTS]
    if kind not in ConsentKind.values:
        raise Invalid(field="kind")
    for name in required:
        if not cleaned[name]:
            raise Invalid(_("Say it in both languages."), field=name)
    if in_force_from < at and not by.system:
        raise Invalid(_("A text takes effect now or later, never in the past."), field="in_force_from")
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = ConsentText.objects.create(
                    kind=kind,
                    version=version.strip()[:20],
                    in_force_from=in_force_from,
                    digest=digest_of(cleaned),
                    published_at=at,
                    published_by=by.account_id,
                    **cleaned,
                )
        except IntegrityError:
            raise TextFixed(field="version") from None
        audit.note(
            "consent-text.publish",
            row,
            by=by,
            at=at,
            after=audit.values(row, "kind", "version", "in_force_from", "digest"),
        )


def acknowledge_notice(*, version: str, by: Actor, at: datetime) -> None:
    """Note that the actor has read a version of the privacy notice; the older acknowledgements keep theirs."""
    account_id = account_queries.own_id(by)
    identity_consent_queries.text(ConsentKind.PRIVACY_NOTICE, version)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id)
        record_consent(account, ConsentKind.PRIVACY_NOTICE, version, by=by, at=at)


def record_consent(
    account: Account,
    kind: str,
    version: str,
    *,
    by: Actor,
    at: datetime,
    recipient: str = "",
    channel: str = ConsentChannel.ONLINE,
) -> None:
    """Keep a consent in the open transaction; the same one again is not doubled."""
    row = Consent(account=account, kind=kind, version=version, recipient=recipient, given_at=at)
    row.given_by, row.channel = by.account_id, channel
    # What a person enrolled here signed at the counter is the institution's to add; all else is the platform's.
    with nullcontext() if channel == ConsentChannel.COUNTER and not by.system else tenancy.open_public():
        added = additions.add_consents([row])
    for one in added:
        audit.note(
            "consent.give", one, by=by, at=at, after=audit.values(one, "kind", "version", "recipient", "channel")
        )


def give_consent(
    *,
    kind: str,
    by: Actor,
    at: datetime,
    account_id: uuid.UUID | None = None,
    person_id: uuid.UUID | None = None,
    recipient: str = "",
    version: str = "",
    channel: str = ConsentChannel.ONLINE,
) -> None:
    """Keep a separate consent, of one's own, or of somebody who signed it on paper at the actor's counter.

    Without `version` it is that of the text in force. Refuses (Invalid) what is not asked for separately and a passing
    on without a recipient, (Denied) a counter where the person does not learn, and (NotFound) nobody.
    """
    if kind not in SEPARATE_CONSENTS or bool(recipient.strip()) != (kind == ConsentKind.PASSING_ON):
        raise Invalid(_("Say to whom the data are passed on."), field="recipient")
    version = version or identity_consent_queries.version_in_force(kind, at)
    identity_consent_queries.text(kind, version)
    with transaction.atomic():
        account = _consenting_account(account_id, person_id, by, channel)
        record_consent(account, kind, version, by=by, at=at, recipient=recipient.strip()[:120], channel=channel)


def withdraw_consent(
    *, consent_id: uuid.UUID, by: Actor, at: datetime, channel: str = ConsentChannel.ONLINE
) -> tuple[uuid.UUID, uuid.UUID | None, str, str]:
    """Take a separate consent back, from this moment on; return the account, the person, the kind and the recipient.

    shared.privacy calls this and erases what rested on it. Refuses (NotFound) anybody else's at one's own desk,
    (Denied) a counter where the person does not learn, and (Invalid) the notice itself, which was only read.
    """
    with transaction.atomic():
        row = Consent.objects.filter(pk=consent_id).first()
        if row is None or (channel == ConsentChannel.ONLINE and row.account_id != by.account_id):
            raise NotFound
        account = _consenting_account(row.account_id, None, by, channel)
        if row.kind not in SEPARATE_CONSENTS:
            raise Invalid(_("This rests on the law, not on your consent. What you may do is close the account."))
        row.refresh_from_db()  # its account is locked now
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by, row.withdrawn_channel = max(at, row.given_at), by.account_id, channel
            with tenancy.open_public():  # a consent counts everywhere: none is an institution's to end
                row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_channel"])
            audit.note(
                "consent.withdraw", row, by=by, at=at, after=audit.values(row, "kind", "recipient", "withdrawn_channel")
            )
    return account.pk, account.person_id, row.kind, row.recipient


def end_consent(*, consent_id: uuid.UUID, by: Actor, at: datetime, why: str) -> None:
    """End a separate consent because what it was given for is over, whoever ended that: nothing rests on it any more.
    The caller has checked who may; twice is harmless.
    """
    with transaction.atomic():
        row = Consent.objects.select_for_update().filter(pk=consent_id, kind__in=SEPARATE_CONSENTS).first()
        if row is None:
            raise NotFound
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by = max(at, row.given_at), by.account_id
            row.withdrawn_channel = ConsentChannel.ONLINE
            row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_channel"])
            audit.note("consent.end", row, by=by, at=at, after=audit.values(row, "kind", "recipient"), why=why)


def _consenting_account(account_id: uuid.UUID | None, person_id: uuid.UUID | None, by: Actor, channel: str) -> Account:
    """Return the locked account whose consent this is, if the actor may enter it."""
    rows = Account.objects.select_for_update(of=("self",)).filter(closed_at=None)
    rows = rows.filter(pk=account_id) if account_id else rows.filter(person_id=person_id or uuid.UUID(int=0))
    account = rows.first()
    if account is None:
        raise NotFound
    if by.system or (channel == ConsentChannel.ONLINE and by.account_id == account.pk):
        return account
    if channel != ConsentChannel.COUNTER or account.person_id is None:
        raise Denied
    demand_reveal(account.person_id, by)
    return account
