"""Public verification of a certificate."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from kernel import folding, names
from kernel.errors import NotFound
from kernel.idnumbers import mask_name
from kernel.languages import localized
from kernel.states import LifeStep

from ..models import NUMBERED, PLACE, Certificate
from ..states import CERTIFICATE, WORDS, CertificateState, Ground
from .lives import PREFIX, VersionSummary, steps, version_summary

Words = str | Promise


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """What anybody may see of a numbered certificate: all its fields, the holder masked."""

    number: str
    holder: str
    id_number: str
    position: str
    institution: str
    tested_on: date
    issued_on: date
    education: tuple[str, ...]
    state: str
    state_label: Words
    state_words: Words
    tone: str
    since: datetime
    ground: Words
    version: int
    made_at: datetime
    sha256_prefix: str
    policy: str
    demo: bool
    title: str
    versions: tuple[VersionSummary, ...]
    steps: tuple[LifeStep, ...]
    checked_at: datetime

    @property
    def valid(self) -> bool:
        """Say whether it is valid now."""
        return self.state == CertificateState.ISSUED


def address(name: str, *args: str) -> str:
    """Return the whole address of one of our pages at the platform's host, from wherever it is asked."""
    default_port = {"http": 80, "https": 443}.get(settings.NUOXING_SCHEME)
    port = "" if default_port == settings.NUOXING_PORT else f":{settings.NUOXING_PORT}"
    path = reverse(f"certificates:{name}", args=args, urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    return f"{settings.NUOXING_SCHEME}://{settings.NUOXING_HOST}{port}{path}"


def verify_address(token: str) -> str:
    """Return the address that a QR code carries."""
    return address("verified", token)


def public_certificate(token: str, *, at: datetime) -> PublicCertificate:
    """Return a certificate by the token of its QR code; refuses (NotFound) all else, one without a number too."""
    row = (
        Certificate.objects.annotate(**PLACE)
        .prefetch_related("versions")
        .filter(token=token, state__in=NUMBERED)
        .first()
    )
    if row is None:
        raise NotFound
    versions = list(row.versions.all())
    snapshot = versions[-1].snapshot
    state = CertificateState(row.state)
    return PublicCertificate(
        number=snapshot["number"],
        holder=mask_name(snapshot["holder"]),
        id_number=snapshot["id_masked"],
        position=localized(snapshot["position"], snapshot["position_en"]),
        institution=snapshot["institution"],
        tested_on=date.fromisoformat(snapshot["tested_on"]),
        issued_on=date.fromisoformat(snapshot["issued_on"]),
        education=tuple(f"{line['year']} {line['words']}" for line in snapshot["education"]),
        state=state,
        state_label=state.label,
        state_words=WORDS[state],
        tone=CERTIFICATE.tone(state),
        since=row.state_since,
        ground=Ground(row.ground).label if row.ground else "",
        version=row.version,
        made_at=versions[-1].made_at,
        sha256_prefix=versions[-1].sha256[:PREFIX],
        policy=snapshot["policy"],
        demo=snapshot["demo"],
        title=localized(snapshot["title"], snapshot["title_en"]),
        versions=tuple(version_summary(e, with_reason=False) for e in reversed(versions)),
        steps=tuple(steps(row, public=True)),
        checked_at=at,
    )


def token_of(*, number: str, name: str) -> str | None:
    """Return the token of the certificate with this number and this holder, however they are typed; None for all else.

    Both are asked for, so that counting numbers through tells nothing.
    """
    row = Certificate.objects.filter(number__folded_number=folding.number(number), state__in=NUMBERED).first()
    return row.token if row is not None and names.same(row.holder, name) else None
