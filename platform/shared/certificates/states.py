"""The life of a certificate: reported, numbered by the ministry's system, corrected, revoked (policy part 1.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

OFFICERS = (Role.PROVINCE_OFFICER, Role.CITY_OFFICER)
SYSTEM = ("system",)


class CertificateState(models.TextChoices):
    """Where a certificate stands."""

    REQUESTED = "requested", _("Result confirmed, about to be reported")
    SENT = "sent", _("Reported, waiting for its number")
    REFUSED = "refused", _("Not accepted by the ministry's system")
    ISSUED = "issued", _("Valid")
    REVOKED = "revoked", _("Revoked")


WORDS = {
    CertificateState.REQUESTED: _("The result is confirmed and will be reported to the ministry's system."),
    CertificateState.SENT: _("The result is reported. The ministry's system gives the number, usually within minutes."),
    CertificateState.REFUSED: _("The ministry's system did not accept the result. The authority settles it."),
    CertificateState.ISSUED: _("The certificate is valid as shown here."),
    CertificateState.REVOKED: _("The certificate was revoked and must not be used. A copy on paper changes nothing."),
}


class Ground(models.TextChoices):
    """Why a certificate is revoked; published, so it names no person."""

    FALSIFIED = "falsified", _("Training or test was falsified")
    MISTAKE = "mistake", _("Issued by mistake")
    WISH = "wish", _("At the holder's own wish")


CERTIFICATE = StateChart(
    name="certificate",
    states=CertificateState,
    initial=CertificateState.REQUESTED,
    tones={
        CertificateState.REQUESTED: Tone.NOTICE,
        CertificateState.SENT: Tone.NOTICE,
        CertificateState.REFUSED: Tone.BAD,
        CertificateState.ISSUED: Tone.GOOD,
        CertificateState.REVOKED: Tone.BAD,
    },
    moves=[
        Move("send", [CertificateState.REQUESTED], CertificateState.SENT, SYSTEM, _("Report the result")),
        Move(
            "refuse",
            [CertificateState.REQUESTED, CertificateState.SENT],
            CertificateState.REFUSED,
            SYSTEM,
            _("Not accepted by the ministry's system"),
        ),
        Move("report_again", [CertificateState.REFUSED], CertificateState.REQUESTED, OFFICERS, _("Report again")),
        # Answers come late and out of order: a number counts whatever we thought of the request.
        Move(
            "issue",
            [CertificateState.REQUESTED, CertificateState.SENT, CertificateState.REFUSED],
            CertificateState.ISSUED,
            SYSTEM,
            _("Number received, certificate issued"),
        ),
        Move("correct", [CertificateState.ISSUED], CertificateState.ISSUED, OFFICERS, _("Certificate corrected")),
        Move(
            "take_education",
            [CertificateState.ISSUED],
            CertificateState.ISSUED,
            SYSTEM,
            _("Continuing education entered"),
        ),
        Move("revoke", [CertificateState.ISSUED], CertificateState.REVOKED, OFFICERS, _("Revoke")),
    ],
)
