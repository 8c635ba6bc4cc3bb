"""Certificates as their holders, the institutions and the authorities find them."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import CharField, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import folding
from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement, ask
from kernel.errors import NotFound, Refusal
from kernel.states import Move
from kernel.values import ValueList
from shared.exchange.values import is_of_stand_in
from shared.identity.queries import people as people_queries
from shared.institutions.queries import organisations
from shared.policy.queries import packs as pack_queries
from shared.policy.values.shapes.admission import Position
from shared.records import queries as record_queries

from .. import methods, rules
from ..models import PLACE, Certificate, CertificateVersion
from ..states import CERTIFICATE, WORDS, CertificateState
from .verification import verify_address

Words = str | Promise


class NotValid(Refusal):
    """A certificate that is not valid is not handed out."""

    code = "certificate-not-valid"
    message = _("This certificate is not valid, so no copy of it is handed out. Its page says why.")


@dataclass(frozen=True, slots=True)
class HolderCertificate:
    """One of the holder's own certificates, or one on its way."""

    id: uuid.UUID
    attempt_id: uuid.UUID
    position: str
    institution: str
    number: str | None
    issued_on: date | None
    tested_on: date
    token: str
    version: int
    state: str
    label: Words
    words: Words
    tone: str
    since: datetime

    @property
    def valid(self) -> bool:
        """Say whether it is valid now."""
        return self.state == CertificateState.ISSUED

    @property
    def verify_url(self) -> str:
        """Return the whole address at which anybody can verify it; "" while it has no number."""
        return verify_address(self.token) if self.number else ""


# --- The holder -------------------------------------------------------------------------------------


def certificates_of(person_id: uuid.UUID | None) -> list[HolderCertificate]:
    """Return a person's certificates and those on their way, newest first."""
    if person_id is None:
        return []
    return [_holder_certificate(row) for row in _rows(person_id=person_id)]


def of_attempt(attempt_id: uuid.UUID) -> HolderCertificate | None:
    """Return what has become of a passed test, None where no certificate was asked for. The caller checks access."""
    row = _rows(attempt_id=attempt_id).first()
    return _holder_certificate(row) if row is not None else None


def of_attempts(attempt_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, HolderCertificate]:
    """Return what has become of passed tests, by attempt, in one query. The caller has checked access."""
    return {row.attempt_id: _holder_certificate(row) for row in _rows(attempt_id__in=set(attempt_ids))}


def holds_valid(person_id: uuid.UUID, position: str) -> bool:
    """Say whether a person holds a valid certificate for a position, from whatever institution."""
    return Certificate.objects.filter(person_id=person_id, position=position, state=CertificateState.ISSUED).exists()


def _holder_certificate(row: Certificate) -> HolderCertificate:
    state = CertificateState(row.state)
    return HolderCertificate(
        row.pk,
        row.attempt_id,
        position_name(row),
        row.institution_name,
        row.number,
        row.issued_on,
        row.tested_on,
        row.token,
        row.version,
        state,
        state.label,
        WORDS[state],
        CERTIFICATE.tone(state),
        row.state_since,
    )


# --- Authorities and institutions -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """What a list shows of a certificate."""

    pk: uuid.UUID
    number: str | None
    holder: str
    position: str
    policy: str
    issued_on: date | None
    version: int
    state: str
    state_since: datetime
    institution_name: str

    badge = property(CERTIFICATE.badge)


_LINE = (
    *("pk", "number", "holder", "position", "policy", "issued_on", "version", "state", "state_since"),
    "institution__name",
)


def lines(rows: QuerySet[Certificate]) -> ValueList[CertificateLine]:
    """Return certificates as a list shows them."""
    return ValueList(rows, CertificateLine, _LINE)


@dataclass(frozen=True, slots=True)
class OfficerCertificates:
    """The certificates that an officer sees, newest first, and how many of them were not accepted."""

    rows: QuerySet[Certificate]
    refused: int


def certificates_for_officer(by: Actor) -> OfficerCertificates:
    """Return the certificates of the institutions that the actor's offices cover."""
    covered = organisations.jurisdiction(by)
    return OfficerCertificates(_answering_to(covered).order_by("-id"), _refused_count(covered))


def _answering_to(codes: Collection[str] | Bind) -> QuerySet[Certificate]:
    rows: QuerySet[Certificate] = Certificate.objects.filter(organisations.AnsweringTo("institution_id", codes))
    return rows


def certificate_for_officer(by: Actor, certificate_id: uuid.UUID) -> Certificate:
    """Return a certificate that an officer or inspector may see; refuses (NotFound) others."""
    row = _answering_to(organisations.jurisdiction(by)).annotate(**PLACE).filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    return row


def of_institution(institution_id: uuid.UUID) -> QuerySet[Certificate]:
    """Return an institution's certificates, newest first. The caller has checked the role."""
    rows: QuerySet[Certificate] = Certificate.objects.filter(institution_id=institution_id).order_by("-id")
    return rows


def may_decide(by: Actor, row: Certificate) -> bool:
    """Say whether an officer may correct or revoke a certificate: of its institution's authority, or of one above."""
    return organisations.covers(by, row.authority_code)


def current(row: Certificate) -> CertificateVersion:
    """Return the version that stands; refuses (NotFound) where there is none."""
    version = row.versions.filter(superseded_at=None).first()
    if version is None:
        raise NotFound
    return version


def document_path(by: Actor, certificate_id: uuid.UUID) -> str:
    """Return where the kept document (number masked) may be fetched for five minutes.

    Open to the holder and the institution's staff while the certificate is valid, and to those who oversee it.
    Refuses (NotFound) anybody else, and (NotValid) a certificate that is not valid.
    """
    row = Certificate.objects.annotate(**PLACE).filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    if not organisations.jurisdiction(by) & {row.authority_code}:
        organisation = str(row.organisation_id)
        if not (rules.is_holder(by, row.person_id) or rules.keeps_records(by, scope=organisation)):
            raise NotFound
        if row.state != CertificateState.ISSUED:
            raise NotValid
    return record_queries.signed_path(current(row).file_id)


def masked_id(row: Certificate) -> str:
    """Return the masked number of the holder's document."""
    return people_queries.person(row.person_id).masked_id


def offers(row: Certificate, by: Actor) -> dict[str, Move]:
    """Return what this officer may do with a certificate now."""
    return CERTIFICATE.offers(row, by) if may_decide(by, row) else {}


def position_name(row: Certificate | CertificateLine) -> str:
    """Return the position's name in the active language, as the pack had it under which the test was passed."""
    try:
        return _position(row.policy, row.position).label
    except (KeyError, NotFound):
        return row.position


@lru_cache(maxsize=512)
def _position(version: str, key: str) -> Position:
    """Return a position of a version of the law; both never change."""
    return pack_queries.pack(version).position(key)


def facts(row: Certificate, *, holder: str, institution: str, issued_on: date, id_masked: str) -> methods.Facts:
    """Return what a version of a numbered certificate will say."""
    pack = pack_queries.pack(row.policy)
    position = pack.position(row.position)
    assert row.number is not None
    return methods.Facts(
        title=pack.certificates.title,
        title_en=pack.certificates.title_en,
        holder=holder,
        id_masked=id_masked,
        position_key=position.key,
        position=position.name,
        position_en=position.name_en,
        number=row.number,
        institution=institution,
        credit_code=row.credit_code,
        tested_on=row.tested_on,
        issued_on=issued_on,
        policy=row.policy,
        verify_url=verify_address(row.token),
        demo=settings.NUOXING_DEMO or is_of_stand_in(row.number),
        education=education(row),
    )


def education(row: Certificate) -> list[tuple[str, str]]:
    """Return the lines of continuing education of a certificate, as its document says them: (year, words)."""
    lines = row.education.order_by("year")
    return [(f"{line.year}年", f"继续教育{methods.plain_hours(line.hours)}学时") for line in lines]


def by_number(number: str) -> Certificate | None:
    """Return the certificate with this number, however it is typed, None where no number like it was given."""
    return Certificate.objects.filter(number__folded_number=folding.number(number)).first()


_REFUSED = Statement(lambda: Certificate.objects.filter(state=CertificateState.REFUSED))
_REFUSED_THERE = Statement(
    lambda: _answering_to(Bind("covered", CharField(), many=True)).filter(state=CertificateState.REFUSED)
)


def any_refused() -> Figure:
    """Return what to ask before `refused_count`: whether any result at all was not accepted."""
    return _REFUSED.exists()


def refused_count(by: Actor) -> int:
    """Return how many results of an officer's institutions the ministry's system did not accept."""
    return _refused_count(organisations.jurisdiction(by))


def _refused_count(covered: Collection[str]) -> int:
    return int(ask(_REFUSED_THERE.count(covered=covered))[0])


def _rows(**filters: Any) -> QuerySet[Certificate]:
    return Certificate.objects.annotate(**PLACE).filter(**filters).order_by("-id")
