"""The life of a certificate and its versions, as those who oversee it and as the public see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.states import LifeStep, life_step
from shared.policy.queries import authorities

from ..models import Certificate, CertificateVersion
from ..states import Ground

Words = str | Promise
MINISTRY = _("The ministry's information system")
PREFIX = 16  # characters of the SHA-256 that the verification page shows

VERB_LABELS: dict[str, Words] = {
    "certificate.request": _("Result confirmed by the institution"),
    "certificate.own-copy": _("Holder's own copy made"),
    "certificate.other-number": _("The ministry's system answered another number"),
    "certificate.unprintable": _("Not printed: a character has no font"),
}
PUBLIC_STEPS = frozenset({"certificate.request", "certificate.issue", "certificate.correct", "certificate.revoke"})


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """One version as lists show it."""

    number: int
    made_at: datetime
    sha256: str
    superseded_at: datetime | None
    reason: str = ""

    @property
    def prefix(self) -> str:
        """Return the beginning of the document's SHA-256, as the verification page shows it."""
        return self.sha256[:PREFIX]


def life(row: Certificate) -> list[LifeStep]:
    """Return the whole life line of a certificate for those who oversee it."""
    return list(steps(row, public=False))


def version_summaries(row: Certificate) -> list[VersionSummary]:
    """Return a certificate's versions, newest first, with the reasons of corrections."""
    return [version_summary(version, with_reason=True) for version in row.versions.order_by("-number")]


def version_summary(row: CertificateVersion, *, with_reason: bool) -> VersionSummary:
    return VersionSummary(row.number, row.made_at, row.sha256, row.superseded_at, row.reason if with_reason else "")


def steps(row: Certificate, *, public: bool) -> Iterable[LifeStep]:
    office = _office_namer(row)
    for note in audit.history(row):
        if public and note.verb not in PUBLIC_STEPS:
            continue
        step = life_step(note, VERB_LABELS)
        if not public:
            yield replace(step, actor_name=MINISTRY) if note.verb == "certificate.issue" else step
            continue
        # What officers wrote may name people: the public reads the published ground only.
        why = Ground(row.ground).label if note.verb == "certificate.revoke" and row.ground else ""
        yield replace(step, actor_name=office(note), why=why)


def _office_namer(row: Certificate) -> Callable[[audit.HistoryEntry], Words]:
    """Return what names the office, never the person, behind a note."""
    authority = authorities.authority(row.authority_code).office_label

    def name(note: audit.HistoryEntry) -> Words:
        if note.verb == "certificate.issue":
            return MINISTRY
        return row.institution_name if note.verb == "certificate.request" else authority

    return name
